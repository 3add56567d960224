-- one row per landed row that broke a rule, with all of them; and every version of a key in conflict
with seen as (
    select
        landed.*,
        list_filter([{{broken}}], lambda r: r is not null) as rules
    from landed
    where {{in_month}} and {{not_held}}
      and (
        {{bad}} or masked_fields is not null
        or exists (select 1 from versions where versions.versions > 1 and {{landed_is_version}})
      )
)
select
    '{{stream}}' as stream,
    replace(parse_filename(filename, true), '%2e', '.') as batch_id,
    producer,
    file_row_number + 1 as row_number,
    case when len(rules) = 0 then ['conflict'] else rules end as rules,
    {{detail}} as detail,
    to_json(struct_pack({{record}}))::varchar as record,
    synthetic
from seen
