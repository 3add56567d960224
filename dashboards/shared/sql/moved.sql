-- What made dispatches change from some months to as many later ones: of everything, each service and each municipality;
-- of a service, each municipality; of a service in a municipality, each channel. Municipalities on the borders of now.
-- One row per part and what it is of; without any in either time, none.
with sent as (
    select 'service' as part, service as id, month, dispatches
    from usage.dispatch_month
    where $service = ''
    union all
    select 'municipality' as part, municipality_code as id, month, dispatches
    from usage.municipality_month_now
    where $code = '' and $service in ('', service)
    union all
    select 'channel' as part, channel as id, month, dispatches
    from usage.municipality_month_now
    where municipality_code = $code and service = $service
),

municipality as (
    select code, any_value(name) as name
    from reference.municipality
    where valid_to is null
    group by code
)

select
    sent.part,
    sent.id,
    coalesce(product.name_nb, municipality.name, sent.id) as name,
    coalesce(sum(sent.dispatches) filter (where sent.month between $first_before and $last_before), 0) as before,
    coalesce(sum(sent.dispatches) filter (where sent.month between $first and $last), 0) as now
from sent
left join reference.product as product on sent.part = 'service' and product.service = sent.id
left join municipality on sent.part = 'municipality' and municipality.code = sent.id
where sent.month between $first_before and $last_before or sent.month between $first and $last
group by sent.part, sent.id, product.name_nb, municipality.name
order by sent.part, abs(now - before) desc, sent.id;
