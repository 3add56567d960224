-- What each customer of a service was billed of each price element in a period, with the customer's kind and, of a
-- municipality, its inhabitants as last counted. Who is not told stands without a number. Amounts in øre without VAT. One
-- row per customer and price element.
with population as (
    select municipality_code, inhabitants
    from reference.population
    qualify year = max(year) over (partition by municipality_code)
)

select
    entry.organisation_number,
    organisation.name,
    organisation.kind,
    organisation.municipality_code,
    population.inhabitants,
    entry.category as price_element,
    cast(sum(entry.amount_ore) as bigint) as amount_ore,
    bool_or(entry.synthetic) as synthetic
from ledger.entry as entry
left join reference.organisation as organisation on organisation.organisation_number = entry.organisation_number
left join population
    on population.municipality_code = organisation.municipality_code and organisation.kind = 'MUNICIPALITY'
where entry.service = $service and entry.account in ('INCOME', 'JOINING_FEE_EXCESS') and entry.month between $first and $last
group by all
order by entry.organisation_number nulls last, entry.category;
