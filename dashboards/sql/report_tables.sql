-- Which of the datasets that the report rests on the release has. One row per dataset.
select table_schema || '.' || table_name as dataset
from information_schema.tables
where table_schema in ('uptake', 'quality')
order by dataset;
