-- Which municipality code each municipal organisation had, and when.
--
-- The facts give the codes of 2020–2023 and of 2024. Before 2020 the code is the one that became the code of 2020:
-- exact where there is only one, else the one of the same name, else the first by code, marked estimated. The facts
-- lack the numbers of municipalities that merged before 2024. The register `organisation` holds them, with the code of
-- then and the successor, under which later data with the old number counts.
--
-- which code each municipal organisation had, and when: of the facts, and of those that merged, which the register adds
-- what comes under a number after it ended counts where its successor then was
with merged as (
    select organisation_number, municipality_code, coalesce(valid_from, $first) as valid_from, valid_to, successor_number
    from register
    where kind = 'MUNICIPALITY' and organisation_number not in (select organisation_number from bundled_places)
)
select organisation_number, municipality_code, valid_from, valid_to, estimated
from bundled_places
union all by name
select organisation_number, municipality_code, valid_from, valid_to, false as estimated
from merged
union all by name
select
    merged.organisation_number, place.municipality_code,
    greatest(place.valid_from, merged.valid_to) as valid_from, place.valid_to, place.estimated
from merged
join bundled_places as place
  on place.organisation_number = merged.successor_number and (place.valid_to is null or place.valid_to > merged.valid_to)
