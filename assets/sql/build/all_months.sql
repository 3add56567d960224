-- all months of a table
select * from built
