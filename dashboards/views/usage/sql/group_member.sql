-- Municipalities of now in a group of another's: it has itself, the group, and what is compared with besides. The group
-- ALL has every one. A part of other questions.
select code, name, code = $code as own, code in (select unnest(string_split($codes, ','))) as chosen
from reference.municipality
where valid_to is null
    and (
        code = $code
        or code in (select unnest(string_split($codes, ',')))
        or $peer_kind = 'ALL'
        or ($peer_kind = 'COUNTRY' and code <> '0301')
        or ($peer_kind = 'COUNTY' and county_code = $peer_group)
        or (
            $peer_kind = 'SIMILAR'
            and code in (select peer_code from reference.municipality_peer where municipality_code = $peer_group)
        )
        or (
            $peer_kind = 'NETWORK'
            and code in (
                select way.to_code
                from reference.network_member as member
                inner join reference.municipality_to_now as way on way.from_code = member.municipality_code
                where member.network_id = $peer_group
                    and (member.valid_from is null or member.valid_from <= $month)
                    and (member.valid_to is null or $month < member.valid_to)
            )
        )
    )
