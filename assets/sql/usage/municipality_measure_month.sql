-- Use other than dispatches by municipality, on the borders of then and of now.
--
-- Grain: one row per (month, borders, municipality_code, service, measure) with a row of a municipality's organisation
-- in `measure_month`. Merges are exact; in a split the last successor takes the remainder. It is made of published
-- figures alone, so no sum or split tells more than they do.
-- Nulls: inhabitants where a code of then is not one municipality of now, or not yet counted.
with month as (
    select month from measure_month group by month
),
-- where each organisation was in the month; one that ended before it counts for its successor
per_then as (
    select
        told.month, place.municipality_code as code, told.service, told.measure,
        sum(told.quantity)::decimal(38,4) as quantity,
        bool_or(told.perturbed) as perturbed,
        bool_or(place.estimated) as estimated,
        bool_or(told.synthetic) as synthetic
    from measure_month as told
    join municipality_of as place
      on place.organisation_number = told.organisation_number
     and place.valid_from <= told.month and (place.valid_to is null or told.month < place.valid_to)
    -- what a municipality does with a service or has of it
    where told.measure in ({{used}})
    group by all
),
way as (
    select
        month.month, from_code, to_code, weight, estimated,
        count(*) over (partition by month.month, from_code) as parts,
        count(*) over (partition by month.month, to_code) as origins,
        row_number() over (partition by month.month, from_code order by to_code desc) = 1 as is_last
    from month
    join municipality_to_now
      -- the division is known from 2017 on; the years before stand in that of 2017
      on (valid_from is null or valid_from <= greatest(month.month, date '2017-01-01'))
     and (valid_to is null or greatest(month.month, date '2017-01-01') < valid_to)
),
moved as (
    select per_then.* exclude (code, estimated), way.to_code as code, per_then.estimated or way.estimated as estimated
    from per_then
    join way on way.month = per_then.month and way.from_code = per_then.code
    where way.parts = 1
    union all by name
    -- a split follows the weights, rounded; its last successor takes what rounding leaves, so that sums are kept
    select
        per_then.* exclude (code, estimated, quantity), way.to_code as code, per_then.estimated or way.estimated as estimated,
        case when way.is_last
             then per_then.quantity - coalesce(sum(round(per_then.quantity * way.weight, 4)) filter (where not way.is_last) over cell, 0)
             else round(per_then.quantity * way.weight, 4) end as quantity
    from per_then
    join way on way.month = per_then.month and way.from_code = per_then.code
    where way.parts > 1
    window cell as (partition by per_then.month, per_then.code, per_then.service, per_then.measure)
),
both_borders as (
    select month, 'then' as borders, code, service, measure, quantity, perturbed, estimated, synthetic from per_then
    union all
    select
        month, 'now', code, service, measure,
        sum(quantity), bool_or(perturbed), bool_or(estimated), bool_or(synthetic)
    from moved
    group by all
),
-- people are counted on the borders of now; a code of then has a count where it is the same area as one of now
people as (
    select month.month, 'now' as borders, population.municipality_code as code, population.inhabitants
    from month
    join population on population.year = year(month.month)
    union all
    select way.month, 'then', way.from_code, population.inhabitants
    from way
    join population on population.municipality_code = way.to_code and population.year = year(way.month)
    where way.parts = 1 and way.origins = 1
)
select
    month,
    borders,
    code as municipality_code,
    service,
    measure,
    quantity::decimal(18,4) as quantity,
    perturbed,
    people.inhabitants,
    -- to four decimals, half up, in whole ten-thousandths: `/` would be a division of floats
    ((((quantity * 10000)::hugeint * 2000 + people.inhabitants) // (2 * people.inhabitants::hugeint))::decimal(38,0) * 0.0001::decimal(4,4))::decimal(18,4)
        as per_1000_inhabitants,
    estimated,
    synthetic
from both_borders
left join people using (month, borders, code)
