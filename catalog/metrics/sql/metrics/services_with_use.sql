-- title.nb: Tjenester med tall
-- title.en: Services with numbers
-- definition.nb: Tjenester som kommunen, eller noen kommune i landet, har et tall for i måneden, uansett hva som
--   telles. Kontoer og adaptere teller med, men viser bare at tjenesten er satt opp. Raden uten kommunenummer er
--   landet. Henvendelser, timer og produkter fra andre er ikke med.
-- definition.en: Services that the municipality, or any of the country, has a number for in the month, whatever is
--   counted. Accounts and adapters are among them, but only show that the service is set up. The row without a
--   municipality code is the country. Support requests, hours and products of others are left out.
-- unit: tjenester
-- dataset: usage.municipality_month

with used as (
    select month, municipality_code, service, estimated, synthetic
    from usage.municipality_month_now
    union all
    select month, municipality_code, service, estimated, synthetic
    from usage.municipality_measure_month_now
)

select
    used.month,
    used.municipality_code,
    count(distinct used.service) as services,
    bool_or(used.estimated) as estimated,
    bool_or(used.synthetic) as synthetic
from used
left join reference.product as product using (service)
where not coalesce(product.external, false)
group by grouping sets ((used.month, used.municipality_code), (used.month));
