-- municipalities that have each service active, by month that somebody observed; those whose beginning nobody saw are
-- counted from the first of these months on, and told beside
with begun as (
    select
        service, municipality_code,
        min(occurred_at) filter (where occurred_precision = 'EXACT') as begun_at,
        min(occurred_at) filter (where occurred_precision = 'NO_LATER_THAN') as found_at,
        min(month) as month
    from step_event
    where customer_kind = 'MUNICIPALITY' and step in ('ACTIVATED', 'RESUMED') and month <= $settled
    group by service, municipality_code
),
-- active when a list or a first snapshot found it, and by nothing exact before: since when is not known
found as (
    select service, municipality_code, month from begun where found_at < begun_at or begun_at is null
),
standing as (
    select service, month, active_basis, active, municipality_code, synthetic
    from status_month
    where customer_kind = 'MUNICIPALITY' and municipality_code is not null and month <= $settled
),
-- a municipality may have several customers (a company and itself)
active as (
    select distinct service, month, municipality_code from standing where active
),
-- the basis is the same for every municipality of a service's month
known as (
    select service, month, max(active_basis) as active_basis, bool_or(synthetic) as synthetic from standing group by service, month
),
counted as (
    select active.service, active.month, count(*) as active, count(found.month) as found
    from active
    left join found on found.service = active.service and found.municipality_code = active.municipality_code and found.month <= active.month
    group by active.service, active.month
),
-- of months that came before its finding, a municipality has no row as active
not_yet_found as (
    select known.service, known.month, count(*) as active
    from known
    join found on found.service = known.service and found.month > known.month
    group by known.service, known.month
)
-- use tells of its months itself: there nothing is supposed
select
    known.service,
    known.month,
    known.active_basis,
    (coalesce(counted.active, 0) + case when known.active_basis = 'EVENT' then coalesce(not_yet_found.active, 0) else 0 end)::decimal(18,4) as quantity,
    case when known.active_basis = 'EVENT' then coalesce(counted.found, 0) + coalesce(not_yet_found.active, 0) else 0 end::integer as undated,
    (select count(*) from municipality where valid_to is null)::integer as municipalities,
    known.synthetic
from known
left join counted using (service, month)
left join not_yet_found using (service, month)
