-- by cell, what one unit of difference costs, as a fraction in øre, and how much of the money is another price
-- prices are whole fractions so that nothing is rounded before the amounts are
with by_price as (
    -- of cells that the basis has several prices of (days, message types, channels), what was billed and measured at each
    select
        cell, unit_price, sum(billed) as billed, sum(billed) - sum(measured) as difference,
        bool_or(in_basis) as in_basis, bool_or(of_days) as of_days
    from (
        select line.cell, line.unit_price, line.quantity as billed, 0 as measured, false as in_basis, false as of_days
        from line
        union all
        select cell, unit_price, 0, quantity, true, of_days from basis_row
    ) as told
    where cell in (select cell from witness where price_low <> price_high)
    group by all
),
varied as (
    select
        cell,
        -- at no price too much and at another too little: then the difference says itself what it costs
        min(difference) >= 0 or max(difference) <= 0 as leans,
        -- what was billed at a price that the basis does not have stands for what is missing at those it has; so does what
        -- was billed beyond the use of the days of its price. Of message types and channels that is another use
        coalesce(sum(billed) filter (where not in_basis), 0)
            + coalesce(sum(difference) filter (where of_days and difference > 0), 0) as other_billed,
        coalesce(sum(billed * unit_price) filter (where not in_basis), 0)
            + coalesce(sum(difference * unit_price) filter (where of_days and difference > 0), 0) as other_value,
        -sum(difference) filter (where in_basis and difference < 0) as missing,
        -sum(difference * unit_price) filter (where in_basis and difference < 0) as missing_value
    from by_price
    group by all
),
told as (
    select
        differing.cell,
        case
            when price_low = price_high then (price_low * 1000000)::hugeint
            when price_low <> price_high and leans and difference <> 0 then difference_ore::hugeint
            when price_low <> price_high and other_billed <> 0 and missing > 0 then round(missing_value * 100)::hugeint
            when price_low <> price_high then expected_ore::hugeint
            else billed_ore::hugeint
        end as numerator,
        case
            -- micro-kroner for a unit: in øre for a ten-thousandth of one
            when price_low = price_high then 100000000::hugeint
            when price_low <> price_high and leans and difference <> 0 then (difference * 10000)::hugeint
            when price_low <> price_high and other_billed <> 0 and missing > 0 then (missing * 10000)::hugeint
            when price_low <> price_high then (measured_quantity * 10000)::hugeint
            else (billed_quantity * 10000)::hugeint
        end as denominator,
        case
            when price_low is null then 0
            when price_low = price_high then value - billed_quantity * price_low
            else other_value
        end as other_value,
        case when price_low <> price_high then other_billed else 0 end as other_billed,
        lines,
        basis_rows
    from differing
    join witness using (cell)
    left join varied using (cell)
)
select
    cell,
    lines,
    basis_rows,
    case when denominator = 0 then 0 when denominator < 0 then -numerator else numerator end as numerator,
    case when denominator = 0 then 1 else abs(denominator) end as denominator,
    round(other_value * 100)::bigint as other_value_ore,
    other_billed::decimal(18,4) as other_billed
from told
