-- all months of a table
select * from made_at_once
