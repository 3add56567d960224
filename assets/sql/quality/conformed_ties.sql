-- what the accounting calls conformed is what the conformed tables hold
select stream, counted.rows as accounted_rows, made.rows as conformed_rows
from (select stream, sum(conformed) as rows from accounting group by all) as counted
full join conformed_rows as made using (stream)
where counted.rows is distinct from made.rows
