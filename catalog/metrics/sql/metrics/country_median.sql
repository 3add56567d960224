select month, service, per_1000_median, per_1000_q1, per_1000_q3, n, members, synthetic
from usage.peer_month
where peer_kind = 'COUNTRY' and municipality_code = '0301';
