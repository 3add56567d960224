-- question.nb: Hvilke kommuner i et nettverk har ikke aktivert Digisos?
-- question.en: Which municipalities of a network have not activated Digisos?

select municipality.code, municipality.name
from reference.network_member as member
join reference.municipality as municipality
    on municipality.code = member.municipality_code
    and municipality.valid_to is null
where
    member.network_id = 'digitrofi'
    and member.valid_to is null
    and municipality.code not in (
        select municipality_code
        from uptake.status_month
        where service = 'fiks-digisos' and step = 'ACTIVATED' and municipality_code is not null
    )
order by code;
