-- all months of a table, those of a month together: each is then read by itself
select * from made_at_once order by month
