-- Municipalities of now in the country, a county or a network. A part of other questions.
select code, name, county_code
from reference.municipality
where valid_to is null
    and (
        $area_kind = 'NO'
        or ($area_kind = 'COUNTY' and county_code = $area)
        or (
            $area_kind = 'NETWORK'
            and code in (
                select municipality_code
                from reference.network_member
                where network_id = $area and valid_to is null
            )
        )
    )
