select
    month,
    network,
    service,
    active,
    members,
    waiting,
    share_of_members,
    share_in_country,
    active_basis,
    synthetic
from uptake.network_month;
