-- One call that opens many: suppliers' systems that an area's waiting municipalities were seen with, for each service.
-- One row per service, supplier and system, counted in the area. First those that do not support a service yet whose
-- customers have signed for it; then most waiting, then most active in the country.
with area_member as (
{area_member}),

waiting as (
    select
        service, supplier, source_system, active, supplier_ready, supplier_evidence, supplier_evidence_en, synthetic,
        unnest(municipality_codes) as municipality_code
    from uptake.supplier_gap
)

select
    waiting.service,
    coalesce(product.name_nb, waiting.service) as service_name,
    waiting.supplier,
    waiting.source_system,
    waiting.supplier_ready,
    waiting.supplier_evidence,
    waiting.supplier_evidence_en,
    waiting.active,
    count(*) as waiting,
    count(*) filter (where call.step in ('ANNEX_SIGNED', 'CONFIGURED')) as signed,
    cast(sum(call.inhabitants) as bigint) as inhabitants,
    list(area_member.name order by call.inhabitants desc nulls last, area_member.name collate no) as municipalities,
    bool_or(waiting.synthetic) as synthetic
from waiting
inner join area_member on area_member.code = waiting.municipality_code
left join uptake.not_yet as call on call.service = waiting.service and call.municipality_code = waiting.municipality_code
left join reference.product as product on product.service = waiting.service
group by
    waiting.service, product.name_nb, waiting.supplier, waiting.source_system, waiting.supplier_ready, waiting.supplier_evidence,
    waiting.supplier_evidence_en, waiting.active
order by
    if(waiting.supplier_ready = 'NO', signed, 0) desc, count(*) desc, waiting.active desc nulls last, waiting.supplier, waiting.source_system, waiting.service;
