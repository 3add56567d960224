select
    stream,
    sum(landed)::bigint as landed,
    sum(conformed)::bigint as conformed,
    sum(superseded)::bigint as superseded,
    sum(quarantined)::bigint as quarantined,
    sum(held)::bigint as held,
    sum(withdrawn)::bigint as withdrawn
from quality.accounting
group by all;
