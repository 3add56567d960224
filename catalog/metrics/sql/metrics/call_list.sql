select
    service,
    priority,
    count(*) as municipalities,
    sum(inhabitants)::bigint as inhabitants,
    bool_or(synthetic) as synthetic
from uptake.not_yet
group by all;
