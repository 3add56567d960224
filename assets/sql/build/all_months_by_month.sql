-- all months of a table, the rows of each together
select * from built order by month
