select
    organisation_number,
    account_id,
    source_system,
    service,
    max(last_seen) as last_seen,
    sum(dispatches) as dispatches,
    bool_or(synthetic) as synthetic
from usage.connection_month
where month >= (select through_month - interval 3 months from meta.release) and account_id is not null
group by all
having
    max(month) < (select through_month from meta.release)
    and min(month) = (select (through_month - interval 3 months)::date from meta.release)
order by all;
