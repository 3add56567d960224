-- The ten municipalities most similar to each, by size and by inhabitants within 50 km.
--
-- Similarity is a short distance in the two natural logarithms, with the population of the last year. Within 50 km are
-- the municipalities whose centre is that near its own, including itself. Distances are rounded to a millionth, and
-- ties follow the code, so that a machine with other last digits gives the same list.
--
-- Grain: one row per municipality of now and peer, ranked from 1. A municipality without a centre or population has no
-- peers and is nobody's peer. The relation is not symmetric.
with placed as (
    select municipality.code, population.inhabitants, radians(centre.latitude) as latitude, radians(centre.longitude) as longitude
    from municipality
    join centre using (code)
    join population on population.municipality_code = municipality.code
    where municipality.valid_to is null
      and population.year = (select max(year) from population)
      and centre.latitude is not null and centre.longitude is not null
),
-- between centres along a great circle (haversine) on the earth's mean radius; sines and logarithms may differ between
-- machines in their last digit, so what is compared is rounded first: metres here, a millionth below
apart as (
    select
        one.code,
        other.inhabitants,
        round(2 * 6371008.8 * asin(least(1.0::double, sqrt(
            sin((other.latitude - one.latitude) / 2) * sin((other.latitude - one.latitude) / 2)
            + cos(one.latitude) * cos(other.latitude) * sin((other.longitude - one.longitude) / 2) * sin((other.longitude - one.longitude) / 2)
        ))))::bigint as metres
    from placed as one
    cross join placed as other
),
-- its own inhabitants are among those within 50 km, so that neither logarithm is of nothing
described as (
    select placed.code, placed.inhabitants, near.within
    from placed
    join (select code, sum(inhabitants)::bigint as within from apart where metres <= $metres group by code) as near using (code)
),
compared as (
    select
        one.code,
        other.code as peer_code,
        other.within,
        round(sqrt(
            (ln(one.inhabitants) - ln(other.inhabitants)) * (ln(one.inhabitants) - ln(other.inhabitants))
            + (ln(one.within) - ln(other.within)) * (ln(one.within) - ln(other.within))
        ), 6)::decimal(18,6) as distance
    from described as one
    join described as other on other.code <> one.code
)
select
    code as municipality_code,
    peer_code,
    row_number() over nearest_first as rank,
    distance,
    within as inhabitants_within_50_km
from compared
window nearest_first as (partition by code order by distance, peer_code)
qualify row_number() over nearest_first <= $peers
