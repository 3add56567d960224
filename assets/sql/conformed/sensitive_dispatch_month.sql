-- Count the dispatches of sensitive services by sender and month, exactly; never leaves the lake.
--
-- Grain: one row per (month, organisation_number, service).
select
    organisation_number,
    service,
    sum(dispatches) as dispatches,
    sum(states) as states,
    min(first_day) as first_day,
    max(last_day) as last_day,
    bool_or(synthetic) as synthetic
from dispatch
group by organisation_number, service
