-- each municipality's own figure is the one it has, and the country that Oslo is compared with holds every other municipality:
-- and the middle one of them
with held as (
    select
        month, service, measure,
        count(*) as n,
        -- half of the figures are no larger than the median, and half no smaller
        list(per_1000_inhabitants) filter (where per_1000_inhabitants is not null) as figures
    from municipality_measure_month
    where borders = 'now' and municipality_code <> '0301'
    group by all
),
country as (
    select * from peer_measure_month where municipality_code = '0301' and peer_kind = 'COUNTRY'
)
select month, service, measure, '0301' as municipality_code, country.n, held.n as held, country.per_1000_median
from held
full join country using (month, service, measure)
where country.n is distinct from coalesce(held.n, 0)
   or len(list_filter(held.figures, lambda figure: figure < country.per_1000_median)) * 2 > len(held.figures)
   or len(list_filter(held.figures, lambda figure: figure > country.per_1000_median)) * 2 > len(held.figures)
union all
select peer.month, peer.service, peer.measure, peer.municipality_code, null, null, peer.per_1000_inhabitants
from peer_measure_month as peer
left join municipality_measure_month as own
  on own.borders = 'now' and own.month = peer.month and own.municipality_code = peer.municipality_code
 and own.service = peer.service and own.measure = peer.measure
where peer.peer_kind = 'COUNTRY'
  and own.per_1000_inhabitants is distinct from peer.per_1000_inhabitants
