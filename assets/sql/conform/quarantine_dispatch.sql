-- one row per landed row that broke a rule, with all of them; and every row of a dispatch whose fixed fields changed, or
-- that an earlier month counts
with suspect as (
    select producer, dispatch_id, unstable, counted_in, counted_batch
    from dispatch_latest
    where bad > 0 or unstable or counted_in is not null
),
seen as (
    select
        dispatch_doubtful.*,
        suspect.unstable, suspect.counted_in, suspect.counted_batch,
        list_filter([{{broken}}], lambda r: r is not null) as rules
    from dispatch_doubtful
    join suspect using (producer, dispatch_id)
)
select
    '{{stream}}' as stream,
    replace(parse_filename(filename, true), '%2e', '.') as batch_id,
    producer,
    file_row_number + 1 as row_number,
    list_concat(
        rules,
        if(unstable, ['fixed_field_changed'], []),
        if(counted_in is not null, ['counted_in_an_earlier_month'], [])
    ) as rules,
    case when counted_in is not null
         then concat('Samme id er talt i ', strftime(counted_in, '%Y-%m'), ', i sending ', counted_batch, ' fra ', producer, '.')
    end as detail,
    to_json(struct_pack({{record}}))::varchar as record,
    synthetic
from seen
where len(rules) > 0 or unstable or counted_in is not null
