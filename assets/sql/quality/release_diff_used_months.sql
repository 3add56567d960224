-- months of which the two releases hold other rows, or rows of somebody who lies elsewhere now; or all, where borders do
with elsewhere as (
    select organisation_number
    from (
        (select organisation_number, municipality_code, valid_from, valid_to from of_before
         except all select organisation_number, municipality_code, valid_from, valid_to from of_after)
        union all
        (select organisation_number, municipality_code, valid_from, valid_to from of_after
         except all select organisation_number, municipality_code, valid_from, valid_to from of_before)
    )
),
said as (
    select
        month,
        sum(hash(organisation_number, service, measure, quantity)::hugeint) as before,
        0 as after,
        bool_or(organisation_number in (select organisation_number from elsewhere)) as moved
    from measure_month_before
    group by month
    union all
    select
        month,
        0,
        sum(hash(organisation_number, service, measure, quantity)::hugeint),
        bool_or(organisation_number in (select organisation_number from elsewhere))
    from measure_month_after
    group by month
)
select month
from said
group by month
having $everywhere or bool_or(moved) or sum(before) <> sum(after)
order by month
