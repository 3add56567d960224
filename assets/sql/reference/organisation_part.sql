-- The successors of ended municipal organisations; a split one has each part, for its earlier data.
--
-- Grain: one row per (organisation_number, valid_from, municipality_code of now), with `valid_to` and `customer`, the
-- organisation of now; the periods of an organisation do not overlap.
--
-- municipal organisations that ended, and which of now each has become: one row per organisation, stretch of time up to its
-- end and part. What came under its number after the end is its successor's alone
with ended as (
    select organisation_number, valid_from, valid_to
    from organisation
    where kind = 'MUNICIPALITY' and valid_to is not null
),
heir as (
    select municipality_code, organisation_number
    from organisation
    where kind = 'MUNICIPALITY' and municipality_code is not null and valid_to is null
)
select
    ended.organisation_number,
    greatest(place.valid_from, ended.valid_from) as valid_from,
    least(place.valid_to, ended.valid_to) as valid_to,
    way.to_code as municipality_code,
    heir.organisation_number as customer
from ended
join municipality_of as place
  on place.organisation_number = ended.organisation_number
 and place.valid_from < ended.valid_to and (place.valid_to is null or ended.valid_from is null or ended.valid_from < place.valid_to)
join municipality_to_now as way
  on way.from_code = place.municipality_code
 and (way.valid_from is null or way.valid_from <= greatest(place.valid_from, date '2017-01-01'))
 and (way.valid_to is null or greatest(place.valid_from, date '2017-01-01') < way.valid_to)
join heir on heir.municipality_code = way.to_code
