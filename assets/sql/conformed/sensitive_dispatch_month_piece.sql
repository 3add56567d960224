select
    organisation_number,
    service,
    count(*) as dispatches,
    sum(states) as states,
    min(day) as first_day,
    max(day) as last_day,
    bool_or(synthetic) as synthetic
from conformed_dispatch
where service in ({{sensitive}})
group by organisation_number, service
