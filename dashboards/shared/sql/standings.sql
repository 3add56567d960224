-- How a municipality stands with each of our own services in a month, and how those like it do.
-- One row per service that anybody has observed by then, by name. Where nobody observed it in the month, `standing` is
-- null: it is not known, and never NONE. `similar` counts the municipalities most like it whose standing is known.
with alike as (
    select peer_code
    from reference.municipality_peer
    where municipality_code = $code and rank <= $most
),

standing as (
    select service, municipality_code, standing, active, active_basis, since, no_later, synthetic
    from uptake.standing
    where first_month <= $month and last_month >= $month
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
    own.synthetic,
    coalesce(peers.similar_known, 0) as similar_known,
    coalesce(peers.similar_active, 0) as similar_active
from standing as own
left join reference.product as product on product.service = own.service
left join peers on peers.service = own.service
where own.municipality_code = $code and not coalesce(product.external, false)
order by name collate no;
