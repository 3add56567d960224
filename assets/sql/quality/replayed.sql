-- what becomes of the rows in quarantine: by fate and month, once for all rules and once under each rule
with was as (
    select producer, batch_id, row_number, rules, record, synthetic, {{month}} as month from quarantine_before
),
stands as (
    select producer, batch_id, row_number, rules, record, synthetic, {{month}} as month from quarantine_after
),
fate as (
    select
        case
            when was.producer is not null and stands.producer is not null then 'STAYS'
            when stands.producer is not null then if(landed.batch_id is null, 'ENTERS', 'LANDED')
            else if(withdrawn.batch_id is null, 'LEAVES', 'WITHDRAWN')
        end as fate,
        coalesce(stands.month, was.month) as month,
        coalesce(stands.rules, was.rules) as rules,
        try_cast(coalesce(stands.record, was.record) ->> 'amount_ore' as bigint) as amount_ore,
        coalesce(stands.synthetic, was.synthetic) as synthetic
    from was
    full join stands using (producer, batch_id, row_number)
    left join withdrawn using (producer, batch_id)
    left join landed using (producer, batch_id)
),
told as (
    select fate, month, null as rule, amount_ore, synthetic from fate
    union all
    select fate, month, unnest(rules) as rule, amount_ore, synthetic from fate
)
-- amounts are summed as text: a row in quarantine may have any amount
select fate, month, rule, count(*) as rows, sum(amount_ore)::varchar as amount_ore, bool_or(synthetic) as synthetic
from told
group by all
order by all
