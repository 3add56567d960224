-- Whom of a network's members to call, and about what: the first is the one to call first. One row per service and
-- municipality; by priority, then months waited, then size.
select
    call.service,
    coalesce(product.name_nb, call.service) as service_name,
    call.municipality_code,
    call.municipality,
    call.priority,
    call.sentence,
    call.sentence_en,
    call.months_waiting,
    call.supplier,
    call.source_system,
    call.supplier_ready,
    call.nearest_municipality,
    call.contact,
    call.change_since_last_week,
    call.follow_up,
    call.followed_up_on,
    call.synthetic
from uptake.not_yet as call
left join reference.product as product on product.service = call.service
where call.municipality_code in (
    select municipality_code
    from reference.network_member
    where network_id = $network and valid_to is null
)
order by
    call.priority, call.months_waiting desc nulls last, call.inhabitants desc nulls last, call.service, call.municipality_code;
