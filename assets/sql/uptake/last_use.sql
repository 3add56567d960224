-- the first and last day of use in each month, by organisation (its successor where it ended) and service
with used as (
    select month, organisation_number, service, day from dispatch_day
    union all
    select month, organisation_number, service, day from measurement where quantity > 0 and measure <> 'henvendelser'
)
select
    used.month,
    coalesce(organisation.successor_number, used.organisation_number) as organisation_number,
    used.service,
    min(used.day) as first_day,
    max(used.day) as last_day
from used
left join organisation using (organisation_number)
group by all
