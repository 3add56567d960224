-- Whether the release tells who should have delivered.
select count(*) > 0 as told
from information_schema.tables
where table_schema = 'quality' and table_name = 'expected_reporter'
