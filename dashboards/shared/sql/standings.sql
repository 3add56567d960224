-- How a municipality stands with each of our own services in a month, and how those like it do.
-- One row per service that anybody has observed by then, by name: in its last observed month, `month`. Where nobody has, that
-- and `standing` are null: it is not known, and never NONE. `similar` counts the municipalities most like it whose standing
-- is known.
with alike as (
    select peer_code
    from reference.municipality_peer
    where municipality_code = $code and rank <= $most
),

standing as (
{last_observed}
),

peers as (
    select service, count(*) as similar_known, count(*) filter (where active) as similar_active
    from standing
    where municipality_code in (select peer_code from alike) and active_basis is not null
    group by service
)

select
    own.service,
    coalesce(product.name_nb, own.service) as name,
    own.standing,
    own.active,
    own.active_basis,
    own.since,
    own.no_later,
    own.month,
    own.synthetic,
    coalesce(peers.similar_known, 0) as similar_known,
    coalesce(peers.similar_active, 0) as similar_active
from standing as own
left join reference.product as product on product.service = own.service
left join peers on peers.service = own.service
where own.municipality_code = $code and not coalesce(product.external, false)
order by name collate no;
