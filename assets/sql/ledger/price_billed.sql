-- one row per rule and what was billed by it in the window: units, customers, and in how many months
-- a line is of the rule whose amount it was billed at; where none is, of the element's first that holds
with rule as (
    select
        price_element, coalesce(channel, '') as channel, coalesce(size_low, -1) as size_low,
        coalesce(valid_from, date '0001-01-01') as valid_from, valid_to, amount
    from price_rule
    where kind <> 'JOINING_FEE'
),
-- person-priced units are counted from the published use alone
line as (
    select price_element, period, unit_price, organisation_number, quantity, synthetic
    from invoice_line
    where period <= $last and price_element not in ({{person_priced}})
),
billed_at as (
    select distinct price_element, period, unit_price from line
),
matched as (
    select price_element, period, unit_price, rule.channel, rule.size_low
    from billed_at
    join rule using (price_element)
    qualify row_number() over (
        partition by price_element, period, unit_price
        order by
            (rule.amount = unit_price) desc,
            (rule.valid_from <= period and (rule.valid_to is null or rule.valid_to > period)) desc,
            rule.channel, rule.size_low, rule.valid_from desc
    ) = 1
),
of_customer as (
    select
        line.price_element, channel, size_low, organisation_number,
        coalesce(sum(quantity) filter (where period >= $first), 0) as quantity,
        min(period) as first_period,
        bool_or(synthetic) as synthetic
    from line
    join matched using (price_element, period, unit_price)
    group by all
)
select
    price_element, channel, size_low,
    sum(quantity)::decimal(18,4) as units,
    count(*) filter (where quantity > 0) as customers,
    least(12, datediff('month', min(first_period), $last) + 1)::integer as months,
    bool_or(synthetic) as synthetic
from of_customer
group by all
