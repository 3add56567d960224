-- where each landed row of a record lies: batch and row, from 1
select filename, file_row_number + 1 as row_number
from landed_rows
where producer = $producer and {{source_key}} = $source_key
order by filename, row_number
