select
    producer, organisation_number, service, day,
    count(*) as rows,
    min(first_received_at) as first_received_at,
    max(first_received_at) as last_received_at,
    bool_or(synthetic) as synthetic
from conformed_dispatch
where service not in ({{sensitive}})
group by producer, organisation_number, service, day
