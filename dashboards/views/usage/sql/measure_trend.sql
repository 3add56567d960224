-- What a municipality used of a service by a measure that is no dispatch, by month, per 1 000 inhabitants, beside the median
-- and quartiles of a group; with `$code` empty, what all organisations of the country used, beside the group of Oslo, which
-- is the country without Oslo.
-- One row per month of the window. A month that nobody told of is empty. Group figures are on the borders of now.
with window_month as (
    select cast(unnest(generate_series($first, $last, interval 1 month)) as date) as month
),

own as (
    select month, quantity, perturbed, inhabitants, per_1000_inhabitants, estimated, synthetic
    from usage.municipality_measure_month
    where $code <> '' and municipality_code = $code and borders = $borders
        and service = $service and measure = $measure and month between $first and $last
    union all
    select month, quantity, perturbed, null, null, false, synthetic
    from usage.measure_total_month
    where $code = '' and service = $service and measure = $measure and month between $first and $last
),

place as (
    select month, count(*) as municipalities
    from usage.municipality_measure_month
    where $code = '' and borders = $borders
        and service = $service and measure = $measure and month between $first and $last
    group by month
),

peer as (
    select *
    from usage.peer_measure_month
    where service = $service and measure = $measure and month between $first and $last
        and municipality_code = case when $code = '' then '0301' else $code end
        and peer_kind = $peer_kind and peer_group = $peer_group and $borders = 'now'
)

select
    month,
    own.quantity,
    own.per_1000_inhabitants,
    peer.per_1000_median,
    peer.per_1000_q1,
    peer.per_1000_q3,
    peer.median_missing,
    peer.n,
    peer.members,
    own.inhabitants,
    place.municipalities,
    coalesce(own.estimated, false) as estimated,
    coalesce(own.perturbed, peer.perturbed, false) as perturbed,
    coalesce(own.synthetic, peer.synthetic, false) as synthetic
from window_month
left join own using (month)
left join place using (month)
left join peer using (month)
order by month;
