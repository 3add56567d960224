select
    month,
    service,
    measure,
    per_1000_median,
    per_1000_q1,
    per_1000_q3,
    median_missing,
    n,
    members,
    perturbed,
    synthetic
from usage.peer_measure_month
where peer_kind = 'COUNTRY' and municipality_code = '0301';
