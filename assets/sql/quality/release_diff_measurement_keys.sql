-- the measurements that landed rows tell of, as conform would count them: by good rows, the latest report, and one value
with good as (
    select
        cast(date_trunc('month', day) as date) as month,
        producer,
        service,
        measure,
        day,
        organisation_number,
        coalesce(account_id, '') as account,
        source,
        quantity,
        reported_at
    from {{rows}}
    where masked_fields is null and {{good}}
),
latest as (
    select *
    from good
    where month in (select month from changed)
    qualify reported_at = max(reported_at) over (
        partition by producer, service, measure, day, organisation_number, account, source
    )
)
select
    month, producer, service, measure, day, organisation_number, account, source, reported_at,
    any_value(quantity) as quantity
from latest
group by month, producer, service, measure, day, organisation_number, account, source, reported_at
having count(distinct quantity) = 1
