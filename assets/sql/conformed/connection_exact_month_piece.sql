-- what was sent, by the names as they were sent
select
    organisation_number, account_id, source_system, supplier_number, service,
    count(*) as dispatches,
    count(*) filter (where outcome = 'failed') as failed,
    max(day) as last_seen,
    bool_or(synthetic) as synthetic
from conformed_dispatch
where service not in ({{sensitive}})
group by all
