-- all months of a table, the rows of each together
select * from made_at_once order by month
