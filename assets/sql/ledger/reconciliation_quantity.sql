-- each cell's difference in units by reason: each takes of what is left what it has of the same sign, and no more
-- the common part of two signed numbers is greatest(least(a, b), 0) + least(greatest(a, b), 0): 0 where signs differ;
-- neither may be null, as least and greatest pass over it
with shifted as (
    select
        differing.*,
        coalesce(month_shift.quantity, 0) as month_shift,
        difference - coalesce(month_shift.quantity, 0) as left_over,
        coalesce(month_shift.synthetic, false) as shift_synthetic,
        coalesce(late.quantity, 0) as late_quantity,
        coalesce(late.synthetic, false) as late_synthetic
    from differing
    left join month_shift using (cell)
    left join late using (cell)
),
of_late as (
    select
        *,
        greatest(least(-late_quantity, left_over), 0) + least(greatest(-late_quantity, left_over), 0) as late_state
    from shifted
),
corrected as (
    select
        of_late.* exclude (left_over),
        of_late.left_over - late_state as left_over,
        greatest(least(coalesce(justified.quantity, 0), of_late.left_over - late_state), 0)
            + least(greatest(coalesce(justified.quantity, 0), of_late.left_over - late_state), 0) as correction,
        coalesce(justified.quantity, 0) as correcting_quantity,
        coalesce(justified.amount_ore, 0) as correcting_ore,
        coalesce(justified.beyond_quantity, 0) as beyond_quantity,
        coalesce(justified.beyond_ore, 0) as beyond_ore,
        coalesce(justified.synthetic, false) as correction_synthetic
    from of_late
    left join justified using (cell)
),
-- what a correction does beyond bringing billed nearer is known, and not right: it says where to look
beyond as (
    select
        * exclude (left_over),
        left_over - correction as left_over,
        greatest(least(beyond_quantity, left_over - correction), 0)
            + least(greatest(beyond_quantity, left_over - correction), 0) as unjustified
    from corrected
),
of_nothing as (
    select
        beyond.* exclude (left_over),
        beyond.left_over - unjustified as left_over,
        greatest(least(coalesce(corrects_nothing.quantity, 0), beyond.left_over - unjustified), 0)
            + least(greatest(coalesce(corrects_nothing.quantity, 0), beyond.left_over - unjustified), 0) as of_nothing,
        coalesce(corrects_nothing.quantity, 0) as nothing_quantity,
        coalesce(corrects_nothing.amount_ore, 0) as nothing_ore,
        coalesce(corrects_nothing.synthetic, false) as nothing_synthetic
    from beyond
    left join corrects_nothing using (cell)
),
owing as (
    select
        of_nothing.* exclude (left_over),
        of_nothing.left_over - of_nothing.of_nothing as left_over,
        greatest(of_nothing.left_over - of_nothing.of_nothing, 0) as over,
        greatest(of_nothing.of_nothing - of_nothing.left_over, 0) as under,
        -- too much is on the bill of somebody; too little is missing on the bill of who should have had it
        case
            when of_nothing.left_over > of_nothing.of_nothing then coalesce(billed_payer, basis_payer)
            when of_nothing.left_over < of_nothing.of_nothing then coalesce(basis_payer, billed_payer)
        end as paid_by
    from of_nothing
    left join payer using (cell)
),
-- of a payer's organisations, those with too much cover those with too little, in order of their numbers
shared as (
    select
        *,
        least(sum(over) over together, sum(under) over together) as common,
        coalesce(sum(over) over before, 0) as over_before,
        coalesce(sum(under) over before, 0) as under_before,
        bool_or(synthetic) over together as together_synthetic
    from owing
    window
        together as (partition by paid_by, service, price_element, month),
        before as (
            partition by paid_by, service, price_element, month order by organisation_number
            rows between unbounded preceding and 1 preceding
        )
),
paid as (
    select
        * exclude (over, under),
        case
            when paid_by is null then 0
            when over > 0 then greatest(least(over, common - over_before), 0)
            else -greatest(least(under, common - under_before), 0)
        end as other_payer
    from shared
)
select
    cell, difference, difference_ore,
    billed_quantity, billed_ore, measured_quantity, expected_ore,
    month_shift::decimal(18,4) as month_shift,
    late_state::decimal(18,4) as late_state,
    correction::decimal(18,4) as correction,
    correcting_quantity,
    correcting_ore,
    unjustified::decimal(18,4) as unjustified,
    beyond_quantity,
    beyond_ore,
    of_nothing::decimal(18,4) as corrects_nothing,
    nothing_quantity,
    nothing_ore,
    other_payer::decimal(18,4) as other_payer,
    (greatest(least(coalesce(account.quantity, 0), left_over - other_payer), 0)
        + least(greatest(coalesce(account.quantity, 0), left_over - other_payer), 0))::decimal(18,4) as unknown_account,
    synthetic
        or shift_synthetic
        or late_synthetic
        or correction_synthetic
        or nothing_synthetic
        or (other_payer <> 0 and together_synthetic) as synthetic
from paid
left join account using (cell)
