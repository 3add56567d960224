-- Each network's members on each step, compared with the country, and with itself a year before.
--
-- Grain: one row per (month, network_id, service) in the funnel. Nulls: active_year_before where that month was not
-- observed.
with country as (
    select month, service, round(active::decimal(18,0) / municipalities::decimal(18,0), 6) as share
    from funnel
    where area_kind = 'NO'
),
of_network as (
    select * from funnel where area_kind = 'NETWORK'
)
select
    now.month,
    now.area as network_id,
    network.name as network,
    now.service,
    now.municipalities as members,
    now.annexed,
    now.configured,
    now.activated,
    now.active,
    now.active_basis,
    now.annexed - now.active as waiting,
    before.active as active_year_before,
    round(now.active::decimal(18,0) / nullif(now.municipalities, 0)::decimal(18,0), 6) as share_of_members,
    country.share as share_in_country,
    now.synthetic
from of_network as now
join country using (month, service)
join network on network.network_id = now.area
left join of_network as before
  on before.area = now.area and before.service = now.service and before.month = now.month - interval 1 year
 -- use and activations are not the same count
 and before.active_basis = now.active_basis
