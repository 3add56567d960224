-- the landed rows of days after those that a release knows, that somebody means by a key, stream/key or stream/producer/key
with keyed as (
    select *, {{source_key}} as source_key
    from landed_rows
    where {{month_of}} > $known
)
select filename, file_row_number + 1 as row_number, producer, source_key, {{month_of}} as of_day, amount_ore, synthetic
from keyed
where source_key = $said
   or '{{stream}}/' || source_key = $said
   or '{{stream}}/' || producer || '/' || source_key = $said
order by producer, source_key, filename, row_number
