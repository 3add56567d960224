-- every municipality of now at every service that it may take into use: its step in the service's last observed month,
-- and whether it is active in the last month of which use tells, if that is at most two months older. The month that
-- goes on is not measured yet: in it only events speak, and they do not say who fell silent
with last_month as (
    select
        service, month,
        case when told >= month - interval 2 month then told else month end as active_month
    from (
        select service, max(month) as month, max(month) filter (where active_basis = 'USE') as told
        from status_month
        group by service
    )
),
use_told as (
    select
        status_month.service, municipality_code as code, coalesce(organisation_number, '') as number,
        active, active_basis, synthetic
    from status_month
    join last_month on last_month.service = status_month.service and last_month.active_month = status_month.month
),
customer as (
    select
        service, month, status_month.municipality_code as code, coalesce(status_month.organisation_number, '') as number,
        list_position(['ACTIVATED', 'CONFIGURED', 'ANNEX_SIGNED', 'SUSPENDED', 'NOT_LISTED', 'TERMINATED'], status_month.step) as place,
        status_month.step, status_month.synthetic
    from status_month
    join last_month using (service, month)
),
standing_customer as (
    select
        customer.*,
        coalesce(use_told.active, false) and customer.step not in ('SUSPENDED', 'TERMINATED') as active
    from customer
    left join use_told on use_told.service = customer.service and use_told.number = customer.number
     and use_told.code is not distinct from customer.code
),
-- the basis is the same for all that stand on a service in a month
basis as (
    select service, min(active_basis) as active_basis, bool_or(synthetic) as synthetic from use_told group by service
),
observed as (
    select
        customer.service, customer.month, last_month.active_month, basis.active_basis,
        bool_or(customer.synthetic or basis.synthetic) as synthetic,
        count(code) > 0 as by_municipalities
    from customer
    join last_month using (service)
    join basis using (service)
    group by all
),
offered as (
    select observed.*, coalesce(product.name_nb, observed.service) as product
    from observed
    left join product using (service)
    where not coalesce(product.external, false)
      and case when lower(trim(coalesce(product.adoptable_by, ''))) in ('', 'ukjent') then observed.by_municipalities
               else list_contains(regexp_split_to_array(product.adoptable_by, '[^A-Z]+'), 'MUNICIPALITY') end
      -- nobody is called about what is not launched yet
      and coalesce(try_cast(left(product.launch_month, 7) || '-01' as date) <= observed.month, true)
),
-- a municipality may have several customers; those that are furthest along count
furthest as (
    select *, min(place) over (partition by service, code) as furthest from standing_customer where code is not null
),
stands as (
    select
        service, code, min(step) filter (where place = furthest) as step, bool_or(active) as active,
        list_sort(list(number) filter (where place = furthest)) as numbers, bool_or(synthetic) as synthetic
    from furthest
    group by service, code
),
people as (
    select municipality_code as code, arg_max(inhabitants, year) as inhabitants from population group by municipality_code
)
select
    offered.service, offered.product, offered.month, offered.active_month, offered.active_basis,
    municipality.code, municipality.name as municipality, municipality.county_code, people.inhabitants,
    coalesce(stands.step, 'NONE') as step,
    coalesce(stands.active, false) as active,
    stands.numbers,
    -- of one that has taken no step, what is known of the service is what that rests on
    coalesce(stands.synthetic, offered.synthetic) as synthetic
from offered
cross join municipality
left join stands on stands.service = offered.service and stands.code = municipality.code
left join people on people.code = municipality.code
where municipality.valid_to is null
