-- What the service costs today, and what it must cost to pay for itself: the first year that is calculated, with nothing
-- supposed. Asked where the release has calculated it. One row per price: prices of a channel come after the base price
-- that they add to, else the one that brings most stands first.
select
    price.year,
    case
        when element.line_text_nb like '%{%' then price.price_element -- a text that each invoice fills in
        else coalesce(element.line_text_nb, price.price_element)
    end as element,
    price.channel,
    price.size_low,
    price.size_high,
    price.current_price,
    price.self_cost_price,
    price.proposed_price,
    price.kind <> 'PER_CHANNEL' and bool_or(price.kind = 'PER_CHANNEL') over () as base,
    price.synthetic
from ledger.price_calculation as price
left join reference.price_element as element on element.price_element = price.price_element
where price.service = $service and price.scenario = 'BASE' and price.price_element is not null
qualify price.year = min(price.year) over ()
order by
    price.kind = 'PER_CHANNEL',
    sum(price.income_expected_ore) over (partition by price.price_element) desc nulls last,
    price.price_element,
    price.channel nulls first,
    price.size_low nulls first;
