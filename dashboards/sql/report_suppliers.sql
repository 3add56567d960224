-- One call that opens many: suppliers' systems that the network's waiting members were seen with. One row per service,
-- supplier and system, counted among the members; most waiting first, then most active in the country.
with waiting as (
    select service, supplier, source_system, active, supplier_ready, synthetic, unnest(municipality_codes) as municipality_code
    from uptake.supplier_gap
),

in_network as (
    select waiting.*
    from waiting
    inner join reference.network_member as member
        on member.municipality_code = waiting.municipality_code and member.network_id = $network and member.valid_to is null
)

select
    in_network.service,
    coalesce(product.name_nb, in_network.service) as service_name,
    in_network.supplier,
    in_network.source_system,
    in_network.supplier_ready,
    in_network.active,
    count(distinct in_network.municipality_code) as waiting,
    bool_or(in_network.synthetic) as synthetic
from in_network
left join reference.product as product on product.service = in_network.service
group by all
order by waiting desc, in_network.active desc nulls last, in_network.supplier, in_network.source_system, in_network.service;
