-- The calculation of a service's prices with nothing supposed, for the first year that is calculated, with what each
-- price is called on an invoice. One row per price; one without a price where the service has none.
select price.*, coalesce(named.element, price.price_element) as element
from ledger.price_calculation as price
left join ({price_element_name}) as named on named.price_element = price.price_element
where price.service = $service and price.scenario = 'BASE'
qualify price.year = min(price.year) over ()
order by price.price_element, price.channel nulls first, price.size_low nulls first;
