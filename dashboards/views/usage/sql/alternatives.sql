-- Municipalities nearest to one that has no numbers of a service by a measure, that had some in the month; the most alike first.
-- One row per municipality, at most three.
select peer.peer_code as code, place.name
from reference.municipality_peer as peer
inner join reference.municipality as place on place.code = peer.peer_code and place.valid_to is null
where peer.municipality_code = $code
    and peer.peer_code in (
        select municipality_code
        from usage.municipality_month_now
        where $measure = 'forsendelser' and service = $service and month = $month
        union
        select municipality_code
        from usage.municipality_measure_month_now
        where measure = $measure and service = $service and month = $month
    )
order by peer.rank
limit 3;
