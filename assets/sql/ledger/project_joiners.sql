-- one row per service of a project: municipalities that have not joined, what they would pay, and how many have the service
with of_project as (
    select distinct service from project where service is not null
),
fee as (
    select service, amount, size_low, size_high, coalesce(synthetic, false) as synthetic
    from price_rule
    where kind = 'JOINING_FEE' and (valid_from is null or valid_from <= $today) and (valid_to is null or valid_to > $today)
),
-- the last month that the forecast knows; without a forecast, the last that anybody observed
known as (
    select service, max(last_known_month) as month from forecast group by service
),
standing as (
    select of_project.service, status_month.municipality_code, status_month.month, status_month.active, status_month.step, status_month.synthetic
    from of_project
    join status_month using (service)
    left join known using (service)
    where status_month.municipality_code is not null and status_month.customer_kind = 'MUNICIPALITY'
      and status_month.month <= coalesce(known.month, status_month.month)
),
last_month as (
    select service, max(month) as month from standing group by service
),
counted as (
    select standing.service, count(distinct municipality_code) filter (where active) as active
    from standing
    join last_month using (service, month)
    group by standing.service
),
-- who has had it once has paid the fee, whatever came after
joined as (
    select distinct service, municipality_code from standing where active or step in ('ACTIVATED', 'SUSPENDED', 'TERMINATED')
),
here as (
    select municipality.code as municipality_code, population.inhabitants
    from municipality
    left join population on population.municipality_code = municipality.code
     and population.year = (select max(year) from population)
    where municipality.valid_to is null
),
waiting as (
    select of_project.service, here.municipality_code, here.inhabitants
    from of_project, here
    where (of_project.service, here.municipality_code) not in (select (service, municipality_code) from joined)
),
paying as (
    select
        waiting.service,
        waiting.municipality_code,
        max(fee.amount) as amount
    from waiting
    left join fee on fee.service = waiting.service
     and (fee.size_low is null or waiting.inhabitants >= fee.size_low)
     and (fee.size_high is null or waiting.inhabitants < fee.size_high)
    group by all
)
select
    of_project.service,
    coalesce((select count(*) from fee where fee.service = of_project.service), 0)::bigint as rules,
    coalesce((select bool_or(synthetic) from fee where fee.service = of_project.service), false)
        or coalesce((select bool_or(synthetic) from standing where standing.service = of_project.service), false) as synthetic,
    coalesce((select active from counted where counted.service = of_project.service), 0)::bigint as active,
    (select count(*) from paying where paying.service = of_project.service)::bigint as "left",
    coalesce((select sum(round(amount * 100)) from paying where paying.service = of_project.service), 0)::bigint as fees_ore
from of_project
order by of_project.service
