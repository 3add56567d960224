-- Calculations of a service's prices that were saved. One row per year, name and price.
select
    price.year,
    price.scenario,
    price.decision,
    coalesce(named.element, price.price_element) as element,
    price.channel,
    price.self_cost_price,
    price.proposed_price,
    price.decided_price,
    price.synthetic
from ledger.price_calculation as price
left join ({price_element_name}) as named on named.price_element = price.price_element
where price.service = $service and price.scenario <> 'BASE' and price.price_element is not null
order by price.year, price.scenario, price.price_element, price.channel nulls first, price.size_low nulls first;
