select
    month,
    service,
    count(*) as connections,
    count(distinct organisation_number) as organisations,
    bool_or(synthetic) as synthetic
from usage.connection_month
where dispatches <> '0-9'
group by all;
