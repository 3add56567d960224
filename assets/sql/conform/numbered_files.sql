select filename, row_number() over (order by filename) as file_number
from (select distinct filename from files)
