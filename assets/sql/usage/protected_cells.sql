-- what is published of sensitive services, exact: the leading flow by organisation, and each flow for the country
with flow as (
    select month, service, $dispatches as measure, organisation_number, dispatches::decimal(18,4) as quantity, digest_xor, digest_sum, synthetic
    from protected_dispatch_month
    where service in ({{sensitive}})
    union all
    select month, service, measure, organisation_number, quantity, digest_xor, digest_sum, synthetic
    from protected_measure_month
),
cell as (
    select * from flow where service || '/' || measure in ({{leading}})
    union all
    -- a zero that is reported is no record: whose other cases are all there are, has them counted as one set everywhere
    select * replace (
        null::varchar as organisation_number,
        if(quantity > 0, digest_xor, 0) as digest_xor,
        if(quantity > 0, digest_sum, 0) as digest_sum
    )
    from flow
),
counted as (
    select
        month, service, measure, organisation_number,
        sum(quantity)::decimal(18,4) as quantity,
        bit_xor(digest_xor::ubigint)::decimal(20,0) as digest_xor,
        {{sum_of_digest}} as digest_sum,
        count(*) as organisations,
        count(*) filter (where quantity > 0) as users,
        bool_or(synthetic) as synthetic,
        service || '/' || measure in ({{leading}}) as leads
    from cell
    group by all
),
-- how much of the country's flow one case has, in whole numbers: each user has a case at least
sized as (
    select
        counted.* exclude (users),
        counted.leads or users >= $enough as is_published,
        if(counted.leads, 1, ceil(counted.quantity / greatest(users, coalesce(cases.quantity, 0), 1))::bigint) as size
    from counted
    left join (select month, service, quantity from counted where leads and organisation_number is null) as cases using (month, service)
)
select
    * exclude (is_published, leads, size)
        -- of another flow, a month in which each told of one case would follow from how many told of any
        replace (if(leads, organisations, null) as organisations),
    size + 1 - size % 2 as unit
from sized
where is_published
