-- by cell, what corrections bring billed nearer to the basis (CORRECTION), and what they do beyond that (UNJUSTIFIED_…)
-- a correction is held against what the cell that it corrects would differ by without corrections; the cell's own take
-- first, then those of other months in their order. The common part of two signed numbers is as in reconciliation_quantity
with met as (
    select
        correction.*,
        here.cell,
        there.cell as corrected_cell,
        correction.month = corrected_month as within,
        -- a month that nothing measures cannot say what is right: the correction is taken at its word
        corrected.measured_quantity is null as unmeasured,
        coalesce(there.difference, 0) - coalesce(month_shift.quantity, 0) as apart,
        -coalesce(late.quantity, 0) as came_late,
        coalesce(there.difference_ore, 0) as difference_ore,
        list_transform(
            [correction.quantity, coalesce(there.difference, 0)],
            lambda units: sign((units * 10000)::hugeint * coalesce(numerator, 0))
                * ((abs((units * 10000)::hugeint * coalesce(numerator, 0)) * 2 + coalesce(denominator, 1)) // (coalesce(denominator, 1) * 2))
        ) as cost,
        coalesce(numerator, 0) as numerator,
        coalesce(denominator, 1) as denominator
    from correction
    left join differing as here
      on here.organisation_number = correction.organisation_number
     and here.service = correction.service and here.price_element = correction.price_element and here.month = correction.month
    left join differing as there
      on there.organisation_number = correction.organisation_number
     and there.service = correction.service and there.price_element = correction.price_element and there.month = corrected_month
    left join reconciliation_cell as corrected
      on corrected.organisation_number = correction.organisation_number
     and corrected.service = correction.service and corrected.price_element = correction.price_element
     and corrected.month = corrected_month
    left join month_shift on month_shift.cell = there.cell
    left join late on late.cell = there.cell
    left join price on price.cell = there.cell
),
-- of the øre, what is not the units' at the price of the month that they correct
summed as (
    select
        *,
        amount_ore - cost[1] as price_ore,
        apart - greatest(least(came_late, apart), 0) - least(greatest(came_late, apart), 0)
            - coalesce(sum(quantity) filter (where within) over of_cell, 0) as base,
        difference_ore - cost[2] - coalesce(sum(amount_ore - cost[1]) filter (where within) over of_cell, 0) as base_ore,
        sum(quantity) over so_far as reached,
        sum(amount_ore - cost[1]) over so_far as reached_ore
    from met
    window
        of_cell as (partition by organisation_number, service, price_element, corrected_month),
        so_far as (
            partition by organisation_number, service, price_element, corrected_month order by within desc, month
            rows unbounded preceding
        )
),
held as (
    select
        *,
        case
            when unmeasured then quantity
            else greatest(least(base, quantity - reached), 0) + least(greatest(base, quantity - reached), 0)
                - greatest(least(base, -reached), 0) - least(greatest(base, -reached), 0)
        end as right_quantity,
        case
            when unmeasured then price_ore
            else greatest(least(base_ore, price_ore - reached_ore), 0) + least(greatest(base_ore, price_ore - reached_ore), 0)
                - greatest(least(base_ore, -reached_ore), 0) - least(greatest(base_ore, -reached_ore), 0)
        end as right_price_ore
    from summed
),
judged as (
    select
        *,
        right_price_ore
            + sign((right_quantity * 10000)::hugeint * numerator)
                * ((abs((right_quantity * 10000)::hugeint * numerator) * 2 + denominator) // (denominator * 2)) as right_ore
    from held
),
told as (
    select
        cell,
        if(within, 0, right_quantity) as quantity, if(within, 0, right_ore) as amount_ore,
        quantity - right_quantity as beyond_quantity, amount_ore - right_ore as beyond_ore, synthetic
    from judged
    union all
    select corrected_cell, -right_quantity, -right_ore, 0, 0, synthetic
    from judged
    where not within
)
select
    cell,
    sum(quantity)::decimal(18,4) as quantity,
    sum(amount_ore)::bigint as amount_ore,
    sum(beyond_quantity)::decimal(18,4) as beyond_quantity,
    sum(beyond_ore)::bigint as beyond_ore,
    bool_or(synthetic) as synthetic
from told
where cell is not null
group by all
