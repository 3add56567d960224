-- Why billed and measured differ.
--
-- Grain: one row per cell that differs and reason that explains a part of it; the parts sum to the differences in
-- units and øre. Units are explained first, in the order of `REASONS`, never more than is left and never of the other
-- sign; they are priced by the basis, or as billed where it has no price. Then come differences in money only: another
-- price, rounding. Person-priced elements are explained by organisation, and told as the sums of the country.
with
-- units by reason in their order, the last what no reason took
unit as (
    select
        q.*, price.* exclude (cell),
        [month_shift, late_state, correction, unjustified, corrects_nothing, other_payer, unknown_account] as taken,
        list_sum(taken)::decimal(18,4) as explained
    from reconciliation_quantity as q
    join price using (cell)
),
-- what the units up to and with each reason cost, each rounded once, half away from zero: what they add sums exactly;
-- then what the units cost that were billed at other prices, those that lines correct, and those of corrections of nothing
costed as (
    select
        *,
        list_transform(
            [0, month_shift, late_state + month_shift, correction + late_state + month_shift,
             unjustified + correction + late_state + month_shift,
             corrects_nothing + unjustified + correction + late_state + month_shift,
             other_payer + corrects_nothing + unjustified + correction + late_state + month_shift, explained, difference,
             other_billed, correcting_quantity, nothing_quantity, beyond_quantity],
            lambda units: sign((units * 10000)::hugeint * numerator)
                * ((abs((units * 10000)::hugeint * numerator) * 2 + denominator) // (denominator * 2))
        ) as cost
    from unit
),
money as (
    select
        *,
        difference_ore - cost[9] as left_ore,
        other_value_ore - cost[10] as other_price_ore,
        correcting_ore - cost[11] as correcting_price_ore,
        nothing_ore - cost[12] as nothing_price_ore,
        beyond_ore - cost[13] as beyond_price_ore
    from costed
),
-- then money alone, each reason of what is left as with units
-- of corrections, what is right and what is beyond it are of one movement: where that fits, each has its own
moved as (
    select
        *,
        greatest(least(correcting_price_ore + beyond_price_ore, left_ore), 0)
            + least(greatest(correcting_price_ore + beyond_price_ore, left_ore), 0) as moved_ore
    from money
),
corrected as (
    select
        * exclude (left_ore),
        left_ore - moved_ore as left_ore,
        case
            when moved_ore = correcting_price_ore + beyond_price_ore then correcting_price_ore
            else greatest(least(correcting_price_ore, moved_ore), 0) + least(greatest(correcting_price_ore, moved_ore), 0)
        end as corrected_ore,
        moved_ore - corrected_ore as unjustified_ore
    from moved
),
of_nothing as (
    select
        *,
        greatest(least(nothing_price_ore, left_ore), 0) + least(greatest(nothing_price_ore, left_ore), 0) as of_nothing_ore
    from corrected
),
priced as (
    select
        *,
        greatest(least(other_price_ore, left_ore - of_nothing_ore), 0)
            + least(greatest(other_price_ore, left_ore - of_nothing_ore), 0) as price_change_ore
    from of_nothing
),
rounded as (
    select
        *,
        -- billed and measured are each rounded by the line
        greatest(
            least(left_ore - of_nothing_ore - price_change_ore, greatest(lines, basis_rows)), -greatest(lines, basis_rows)
        ) as rounding_ore
    from priced
),
part as (
    select
        cell, synthetic,
        unnest([
            'MONTH_SHIFT', 'LATE_STATE', 'CORRECTION',
            -- by what the line does: less or more than is right
            if(unjustified < 0 or (unjustified = 0 and cost[5] - cost[4] + unjustified_ore < 0), 'UNJUSTIFIED_CREDIT', 'UNJUSTIFIED_CHARGE'),
            'CORRECTS_NOTHING', 'OTHER_PAYER', 'UNKNOWN_ACCOUNT',
            'PRICE_CHANGE', 'ROUNDING', 'UNEXPLAINED'
        ]) as reason,
        unnest([
            month_shift, late_state, correction, unjustified, corrects_nothing, other_payer, unknown_account,
            0, 0, difference - explained
        ]) as quantity,
        unnest([
            cost[2] - cost[1], cost[3] - cost[2], cost[4] - cost[3] + corrected_ore,
            cost[5] - cost[4] + unjustified_ore, cost[6] - cost[5] + of_nothing_ore,
            cost[7] - cost[6], cost[8] - cost[7],
            price_change_ore, rounding_ore,
            cost[9] - cost[8] + left_ore - of_nothing_ore - price_change_ore - rounding_ore
        ]) as amount_ore
    from rounded
)
select
    organisation_number, service, price_element, month, reason,
    part.quantity::decimal(18,4) as quantity, part.amount_ore::bigint as amount_ore, part.synthetic
from part
join differing using (cell)
where (part.quantity <> 0 or part.amount_ore <> 0) and price_element not in ({{person_priced}})
union all
-- of person-priced elements the sum of the country
select
    null, service, price_element, told.month, reason,
    sum(part.quantity)::decimal(18,4), sum(part.amount_ore)::bigint, bool_or(part.synthetic)
from part
join differing using (cell)
join reconciliation_told as told using (service, price_element, span)
where told.begun = date_trunc(span, differing.month) and told.measured_quantity is not null
group by service, price_element, told.month, reason
having sum(part.quantity) <> 0 or sum(part.amount_ore) <> 0
