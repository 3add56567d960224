-- Which datasets of usage, uptake, quality and meta the release has, and which ledgers where they are attached: older ones
-- lack some. One row per dataset.
select case when table_catalog = 'ledger' then 'ledger' else table_schema end || '.' || table_name as dataset
from information_schema.tables
where table_schema in ('usage', 'uptake', 'quality', 'meta') or table_catalog = 'ledger'
order by dataset;
