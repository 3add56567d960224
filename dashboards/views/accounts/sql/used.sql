-- What each customer of a service used of each price element and channel in a period, and what it comes to at the prices of
-- its months, with the first and the last month that anybody used it in. What is not ready is left out: it is not
-- invoiced. Amounts in øre without VAT. One row per customer, price element and channel.
with population as (
    select municipality_code, inhabitants
    from reference.population
    qualify year = max(year) over (partition by municipality_code)
)

select
    basis.organisation_number,
    organisation.name,
    organisation.kind,
    organisation.municipality_code,
    population.inhabitants,
    basis.price_element,
    basis.channel,
    sum(basis.quantity)::decimal(18,4) as quantity,
    cast(sum(basis.amount_ore) as bigint) as amount_ore,
    min(min(basis.month)) over () as first_month,
    max(max(basis.month)) over () as last_month,
    bool_or(basis.synthetic) as synthetic
from ledger.invoice_basis as basis
left join reference.organisation as organisation on organisation.organisation_number = basis.organisation_number
left join population
    on population.municipality_code = organisation.municipality_code and organisation.kind = 'MUNICIPALITY'
where basis.service = $service and basis.status = 'READY' and basis.month between $first and $last
group by all
order by basis.organisation_number, basis.price_element, basis.channel nulls first;
