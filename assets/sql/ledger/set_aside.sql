-- the rows in quarantine of a stream that kroner come from, with key, day and amount as the record itself has them
with recorded as (
    select
        *,
        record ->> 'invoice_id' as invoice_id,
        record ->> 'line_number' as line_number,
        record ->> 'entry_id' as entry_id
    from quarantine
)
select
    stream, producer, {{source_key}} as source_key, batch_id, row_number, rules, detail,
    try_cast(record ->> '{{month_of}}' as date) as of_day,
    try_cast(record ->> 'amount_ore' as bigint) as amount_ore,
    synthetic
from recorded
