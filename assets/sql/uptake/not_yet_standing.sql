-- every municipality of now at every service that it may take into use, in the service's last observed month
with last_month as (
    select service, max(month) as month from status_month group by service
),
customer as (
    select
        service, month, status_month.municipality_code as code, coalesce(status_month.organisation_number, '') as number,
        list_position(['ACTIVATED', 'CONFIGURED', 'ANNEX_SIGNED', 'SUSPENDED', 'TERMINATED'], status_month.step) as place,
        status_month.step, status_month.active, status_month.active_basis, status_month.synthetic
    from status_month
    join last_month using (service, month)
),
-- the basis is the same for all that stand on a service in a month
observed as (
    select
        service, month, min(active_basis) as active_basis, bool_or(synthetic) as synthetic,
        count(code) > 0 as by_municipalities
    from customer
    group by service, month
),
offered as (
    select observed.*, coalesce(product.name_nb, observed.service) as product
    from observed
    left join product using (service)
    where not coalesce(product.external, false)
      and case when lower(trim(coalesce(product.adoptable_by, ''))) in ('', 'ukjent') then observed.by_municipalities
               else list_contains(regexp_split_to_array(product.adoptable_by, '[^A-Z]+'), 'MUNICIPALITY') end
),
-- a municipality may have several customers; those that are furthest along count
furthest as (
    select *, min(place) over (partition by service, code) as furthest from customer where code is not null
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
    offered.service, offered.product, offered.month, offered.active_basis,
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
