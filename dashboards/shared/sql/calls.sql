-- Whom to call, and about what: the first is the one to call first. One service, or all where none is asked for. One row
-- per service and municipality of the area; by priority, those whose supplier is not ready last,
-- then longest wait, then most inhabitants.
with area_member as (
{area_member}),

missing_delivery as (
{missing_delivery})

select
    call.service,
    coalesce(product.name_nb, call.service) as service_name,
    call.municipality_code,
    call.municipality,
    call.county,
    call.network,
    call.month,
    call.active_month,
    call.priority,
    call.sentence,
    call.sentence_en,
    call.step,
    call.months_waiting,
    call.inhabitants,
    call.supplier_ready,
    call.supplier,
    call.source_system,
    call.supplier_carries,
    call.supplier_evidence,
    call.supplier_evidence_en,
    call.nearest,
    call.nearest_municipality,
    call.nearest_reason,
    call.contact,
    call.change_since_last_week,
    call.change_since_last_week_en,
    call.follow_up,
    call.followed_up_on,
    call.follow_up_note,
    call.synthetic or coalesce(missing_delivery.synthetic, false) as synthetic,
    -- it may have used the service all the same
    missing_delivery.missing_from as no_delivery_since
from uptake.not_yet as call
inner join area_member on area_member.code = call.municipality_code
left join reference.product as product on product.service = call.service
left join missing_delivery -- what only events tell of does not wait for a delivery
    on missing_delivery.code = call.municipality_code
    and $month in (select month from uptake.status_month where service = $service and active_basis = 'USE')
where $service is null or call.service = $service
order by
    call.priority, call.supplier_ready = 'NO', call.months_waiting desc nulls last, call.inhabitants desc nulls last, call.service, call.municipality_code;
