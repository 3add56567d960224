-- Municipalities nearest to one that has no numbers of a service, that had some in the month; the most alike first.
-- One row per municipality, at most three.
select peer.peer_code as code, place.name
from reference.municipality_peer as peer
inner join reference.municipality as place on place.code = peer.peer_code and place.valid_to is null
where peer.municipality_code = $code
    and peer.peer_code in (
        select municipality_code from usage.municipality_month_now where service = $service and month = $month
        union
        select seat.municipality_code
        from usage.measure_month as told
        inner join reference.municipality_of as seat
            on seat.organisation_number = told.organisation_number and seat.valid_to is null
        where told.service = $service and told.month = $month and told.measure not in ('henvendelser', 'timer')
    )
order by peer.rank
limit 3;
