-- The customers of a service in its last observed month that is over, and when each signed the annex; those that have
-- ended are left out. Nobody has reported the annex: annexed_on is null. customer_standing is IN_USE where use is measured, IDLE
-- where it is measured and there is none, else the step. One row per customer: municipalities, counties, then others.
with now as (
    select
        customer_kind, municipality_code, organisation_number, step, active, active_basis, month, synthetic,
        coalesce(municipality_code, organisation_number) as customer_key
    from uptake.status_month
    where service = $service
        and month = (select max(month) from uptake.status_month where service = $service and month <= $through)
),

annex as (
    select
        coalesce(municipality_code, organisation_number) as customer_key,
        cast(max(occurred_at at time zone 'Europe/Oslo') as date) as annexed_on
    from uptake.step_event
    where service = $service and step = 'ANNEX_SIGNED' and month <= $through
    group by customer_key
)

select
    now.customer_kind,
    now.municipality_code,
    now.organisation_number,
    coalesce(municipality.name, organisation.name, now.customer_key) as customer,
    case
        when now.active and now.active_basis = 'USE' then 'IN_USE'
        when now.active then 'ACTIVATED'
        when now.step = 'ACTIVATED' and now.active_basis = 'USE' then 'IDLE'
        else now.step
    end as customer_standing,
    annex.annexed_on,
    now.month,
    now.synthetic
from now
left join annex on annex.customer_key = now.customer_key
left join reference.municipality as municipality
    on municipality.code = now.municipality_code and municipality.valid_to is null
left join reference.organisation as organisation on organisation.organisation_number = now.organisation_number
where now.step <> 'TERMINATED'
order by
    case now.customer_kind when 'MUNICIPALITY' then 1 when 'COUNTY' then 2 else 3 end,
    customer collate no, now.customer_key, now.organisation_number;
