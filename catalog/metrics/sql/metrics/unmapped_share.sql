select
    least(coalesce(sum(share), 0), 1) as share,
    coalesce(sum(dispatches), 0)::bigint as dispatches,
    count(*) as names,
    coalesce(bool_or(synthetic), false) as synthetic
from quality.unmapped_system;
