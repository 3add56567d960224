-- Which datasets of usage, uptake, quality and meta the release has: older ones lack some. One row per dataset.
select table_schema || '.' || table_name as dataset
from information_schema.tables
where table_schema in ('usage', 'uptake', 'quality', 'meta')
order by dataset;
