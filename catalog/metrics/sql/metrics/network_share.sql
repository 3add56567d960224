-- title.nb: Andel av nettverkets medlemmer
-- title.en: Share of the network's members
-- definition.nb: Medlemmer som har tjenesten, delt på alle medlemmene i måneden. Landets andel står ved siden av.
-- definition.en: Members that have the service over all members in the month. The country's share stands beside.
-- unit: andel
-- dataset: uptake.network_month

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
