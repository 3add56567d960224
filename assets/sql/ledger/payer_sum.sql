-- the sums that lines of person-priced elements are told in: one row per sum and moment at which there were enough payers
-- a rounded one says no more than its nearest step, half away from zero; nothing is no row
with summed as (
    select
        service, price_element, sum_key, sum_period, sum_at,
        sum(amount_ore) as exact_ore,
        if(
            starts_with(sum_key, '{{rounded}}'),
            greatest({{step_ore}}, ceil({{step_units}} * 100 * max(abs(unit_price))))::hugeint, 1
        ) as step,
        bool_or(synthetic) as synthetic
    from person_priced_line
    where sum_key is not null
    group by service, price_element, sum_key, sum_period, sum_at
)
select
    service, price_element, sum_key as source_key, sum_period as period, sum_at as first_received_at,
    (sign(exact_ore) * ((2 * abs(exact_ore) + step) // (2 * step)) * step)::bigint as amount_ore,
    synthetic
from summed
where 2 * abs(exact_ore) >= step
