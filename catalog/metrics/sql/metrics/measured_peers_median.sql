select
    month,
    municipality_code,
    service,
    measure,
    peer_kind,
    peer_group,
    per_1000_inhabitants,
    per_1000_median,
    median_missing,
    n,
    members,
    perturbed,
    synthetic
from usage.peer_measure_month;
