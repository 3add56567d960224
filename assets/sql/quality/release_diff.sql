-- why the numbers of two releases differ: what was told per organisation, laid where it lies now
-- "before" and "after" are the earlier and the later release; the last lines turn both round where the caller asked so
with placed as (
    select told.month, place.municipality_code as code, service, measure, reason, sum(difference)::decimal(38, 4) as difference
    from told
    left join of_after as place
      on place.organisation_number = told.organisation_number
     and place.valid_from <= told.month
     and (place.valid_to is null or told.month < place.valid_to)
    group by all
),
-- the way to the division of now, as usage.municipality_month takes it
way as (
    select
        month,
        from_code,
        to_code,
        weight,
        row_number() over (partition by month, from_code order by to_code desc) = 1 as is_last
    from changed
    join municipality_to_now
      on (valid_from is null or valid_from <= greatest(month, date '2017-01-01'))
     and (valid_to is null or greatest(month, date '2017-01-01') < valid_to)
),
shares as (
    select
        placed.month, placed.code, way.to_code, service, measure, reason, is_last,
        difference as whole,
        round(difference * weight, 4) as share
    from placed
    join way on way.month = placed.month and way.from_code = placed.code
),
parts as (
    select
        month, to_code as code, service, measure, reason,
        case when is_last then whole - sum(case when is_last then 0 else share end) over (partition by month, code, service, measure, reason)
             else share end as difference
    from shares
    union all
    select month, null, service, measure, reason, difference from placed where code is null
),
side_by_side as (
    select month, code, service, measure, quantity as before, 0 as after, synthetic from cells_before
    union all
    select month, code, service, measure, 0, quantity, synthetic from cells_after
),
cell as (
    select
        month, code, service, measure,
        sum(before)::decimal(38, 4) as before, sum(after)::decimal(38, 4) as after,
        bool_or(synthetic) as synthetic
    from side_by_side
    group by all
),
-- numbers that moved between municipalities without a change of any sender's: the parts do not sum up, and this is over
whole as (
    select month, code, service, measure, reason, sum(difference) as difference
    from (
        select month, code, service, measure, reason, difference from parts
        union all
        select month, code, service, measure, null, after - before from cell
        union all
        select month, code, service, measure, null, -difference from parts
    )
    group by all
    having sum(difference) <> 0
),
weighed as (
    select
        *,
        count(reason) over one_cell as reasons,
        coalesce(sum(difference) filter (where reason is null) over one_cell, 0) as over,
        row_number() over (partition by month, code, service, measure order by reason is null, abs(difference) desc, reason) as place
    from whole
    window one_cell as (partition by month, code, service, measure)
),
-- a split is rounded for the whole there and by reason here: the largest part takes what that leaves
settled as (
    select
        month, code, service, measure,
        coalesce(reason, $moved) as reason,
        sum(case when place = 1 and reason is not null and abs(over) < 0.01 then difference + over else difference end) as difference
    from weighed
    where not (reason is null and reasons > 0 and abs(over) < 0.01)
    group by all
)
select
    settled.month,
    settled.code as municipality_code,
    settled.service,
    settled.measure,
    settled.reason,
    case when $turned then -difference else difference end as difference,
    case when $turned then cell.after else cell.before end as before,
    case when $turned then cell.before else cell.after end as after,
    $release as release,
    $compared_with as compared_with,
    cell.synthetic
from settled
join cell
  on cell.month = settled.month
 and cell.service = settled.service
 and cell.measure = settled.measure
 and cell.code is not distinct from settled.code
where difference <> 0
order by all
