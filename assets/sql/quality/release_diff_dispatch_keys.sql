-- the dispatches that landed rows tell of, as conform would count them: by good rows, and with one value of what is fixed
with good as (
    select
        producer,
        dispatch_id,
        cast(date_trunc('month', timezone('Europe/Oslo', created_at)) as date) as month,
        created_at,
        service,
        organisation_number,
        account_id
    from {{rows}}
    where masked_fields is null and {{good}}
)
select
    month,
    producer,
    dispatch_id,
    any_value(created_at) as created_at,
    any_value(service) as service,
    any_value(organisation_number) as organisation_number
from good
where month in (select month from changed)
group by month, producer, dispatch_id
having count(distinct hash(created_at, service, organisation_number, account_id)) = 1
