-- what was set aside, but for the rows of the dispatches that were judged again
with judged_again as (
    select producer, replace(parse_filename(filename, true), '%2e', '.') as batch_id, file_row_number + 1 as row_number from landed
)
select stream, batch_id, producer, row_number, rules, detail, record, synthetic
from quarantine_was anti join judged_again using (producer, batch_id, row_number)
union all
select stream, batch_id, producer, row_number, rules, detail, record, synthetic from quarantined_again
