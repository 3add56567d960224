-- What the release has, ledgers too where they are attached: older ones lack some. One row per column.
select
    case when table_catalog = 'ledger' then 'ledger' else table_schema end || '.' || table_name || '.' || column_name
    as column_of
from information_schema.columns
order by column_of;
