-- Months within a window in which a price of a service became another. One row per month.
with price as (
    select
        cast(date_trunc('month', valid_from) as date) as month,
        amount,
        coalesce(synthetic, false) as synthetic,
        lag(amount) over (
            partition by price_element, size_low, channel, customer_kind order by valid_from
        ) as before
    from reference.price_rule
    where service = $service and valid_from is not null
)

select
    month,
    count(*) as n,
    bool_or(synthetic) as synthetic
from price
where amount <> before and month between $first and $last
group by month
order by month;
