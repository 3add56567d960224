-- what is published of sensitive services differs from what counts of them by no more than the method allows
with flow as (
    select month, service, 'forsendelser' as measure, organisation_number, dispatches as quantity
    from protected_dispatch_month
    where service in (select service from measure_total_month where perturbed)
    union all
    select month, service, measure, organisation_number, quantity from protected_measure_month
),
exact as (
    select month, service, measure, organisation_number, round(sum(quantity)) as quantity, 1 as users from flow group by all
    union all
    select month, service, measure, null, round(sum(quantity)), count(*) filter (where quantity > 0) from flow group by all
),
published as (
    select month, service, measure, organisation_number, quantity from measure_month where perturbed
    union all
    select month, service, measure, null, quantity from measure_total_month where perturbed
),
compared as (
    select
        coalesce(published.month, exact.month) as month,
        coalesce(published.service, exact.service) as service,
        coalesce(published.measure, exact.measure) as measure,
        coalesce(published.organisation_number, exact.organisation_number) as organisation_number,
        published.quantity as published,
        exact.quantity as exact,
        exact.users
    from published
    full join exact
      on exact.month = published.month and exact.service = published.service and exact.measure = published.measure
     and exact.organisation_number is not distinct from published.organisation_number
),
judged as (
    select *, (service, measure) in (select (service, measure) from measure_month where perturbed) as leads
    from compared
)
select month, service, measure, organisation_number
from judged
where exact is null
   -- the leading flow is published of all that have any, and of the country; another of the country where twenty have some
   or (leads and published is null)
   or (not leads and organisation_number is null and (published is null) <> (users < 20))
   -- of another flow the noise is as many times larger as a case has more of it
   or abs(published - exact) > if(leads, 5, 5.5 * (exact / greatest(users, 1) + 2))
   or (exact = 0 and published <> 0)
   or published in (1, 2)
