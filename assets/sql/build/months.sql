-- each month of a table that was worked out whole, with what tells its rows from others
select month, count(*) as rows, bit_xor(hash({{columns}})) as either, sum(hash({{columns}})::hugeint)::varchar as together
from worked_out
group by month
order by month
