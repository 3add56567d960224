select
    month,
    municipality_code,
    service,
    peer_kind,
    peer_group,
    per_1000_inhabitants,
    per_1000_median,
    n,
    members,
    synthetic
from usage.peer_month;
