-- the first and last day of use in a month, by organisation (its successor where it ended) and service
with used as (
    select month, organisation_number, service, day as first_day, day as last_day, synthetic from dispatch_day
    union all
    select month, organisation_number, service, first_day, last_day, synthetic from sensitive_dispatch_month
    union all
    select month, organisation_number, service, day, day, synthetic from measurement where quantity > 0 and measure <> 'henvendelser'
)
select
    used.month,
    coalesce(organisation.successor_number, used.organisation_number) as organisation_number,
    used.service,
    min(used.first_day) as first_day,
    max(used.last_day) as last_day,
    bool_or(used.synthetic) as synthetic
from used
left join organisation using (organisation_number)
group by all
