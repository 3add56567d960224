-- one row per landed row that broke a rule, with all of them; and every row of a dispatch whose fixed fields changed
with seen as (
    select
        landed.*,
        list_filter([{{broken}}], lambda r: r is not null) as rules
    from landed
    where created_at >= $month_from and created_at < $month_to
      and ($as_of is null or created_at <= $as_of)
      and ({{bad}} or masked_fields is not null or (producer, dispatch_id) in (select (producer, dispatch_id) from dispatch_latest where unstable))
)
select
    '{{stream}}' as stream,
    parse_filename(filename, true) as batch_id,
    producer,
    file_row_number + 1 as row_number,
    case when len(rules) = 0 then ['fixed_field_changed'] else rules end as rules,
    cast(null as varchar) as detail,
    to_json(struct_pack({{record}}))::varchar as record,
    synthetic
from seen
