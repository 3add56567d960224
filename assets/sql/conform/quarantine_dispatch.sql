-- one row per landed row that broke a rule, with all of them; and every row of a dispatch whose fixed fields changed
with suspect as (
    select producer, dispatch_id, unstable from dispatch_latest where bad > 0 or unstable
),
seen as (
    select
        landed.*,
        suspect.unstable,
        list_filter([{{broken}}], lambda r: r is not null) as rules
    from landed
    join suspect using (producer, dispatch_id)
    where created_at >= $month_from and created_at < $month_to
      and ($as_of is null or created_at <= $as_of)
)
select
    '{{stream}}' as stream,
    replace(parse_filename(filename, true), '%2e', '.') as batch_id,
    producer,
    file_row_number + 1 as row_number,
    case when unstable then list_append(rules, 'fixed_field_changed') else rules end as rules,
    cast(null as varchar) as detail,
    to_json(struct_pack({{record}}))::varchar as record,
    synthetic
from seen
where len(rules) > 0 or unstable
