-- one row per service: municipalities that have it active in the last observed month, with their inhabitants
with last_month as (
    select service, max(month) as month from status_month where month <= $through group by service
)
select
    status_month.service, status_month.municipality_code, max(population.inhabitants) as inhabitants,
    bool_or(status_month.synthetic) as synthetic
from status_month
join last_month using (service, month)
left join population on population.municipality_code = status_month.municipality_code
 and population.year = (select max(year) from population)
where active and status_month.municipality_code is not null and customer_kind = 'MUNICIPALITY'
group by all
order by all
