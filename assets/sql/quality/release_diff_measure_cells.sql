-- one release's other use by municipality of now, split as usage.municipality_month splits; null: those that are none
with placed as (
    select
        used.month, place.municipality_code as code, service, measure,
        sum({{side}})::decimal(38, 4) as quantity,
        bool_or(used.synthetic) as synthetic
    from used
    left join of_{{side}} as place
      on place.organisation_number = used.organisation_number
     and place.valid_from <= used.month
     and (place.valid_to is null or used.month < place.valid_to)
    group by all
),
way as (
    select
        month,
        from_code,
        to_code,
        weight,
        row_number() over (partition by month, from_code order by to_code desc) = 1 as is_last
    from changed
    join to_now_{{side}}
      on (valid_from is null or valid_from <= greatest(month, date '2017-01-01'))
     and (valid_to is null or greatest(month, date '2017-01-01') < valid_to)
),
shares as (
    select
        placed.month, placed.code, way.to_code, service, measure, is_last, synthetic,
        quantity as whole,
        round(quantity * weight, 4) as share
    from placed
    join way on way.month = placed.month and way.from_code = placed.code
),
kept as (
    select
        month, to_code as code, service, measure, synthetic,
        case when is_last then whole - sum(case when is_last then 0 else share end) over (partition by month, code, service, measure)
             else share end as quantity
    from shares
    union all
    select month, null, service, measure, synthetic, quantity from placed where code is null
)
select month, code, service, measure, sum(quantity)::decimal(38, 4) as quantity, bool_or(synthetic) as synthetic
from kept
group by all
