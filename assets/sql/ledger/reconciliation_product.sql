-- The amounts at stake for each product.
--
-- Grain: one row per (service, month) with a row in the reconciliation. Unit: øre without VAT. Person-priced elements
-- are left out: readers of the products may not see their measured use exactly.
--
-- how much of each product's month is unexplained: one row per service and month, without person-priced elements: their
-- measured use would be told exactly
with reconciled as (
    select
        service, month,
        sum(billed_ore) as billed_ore,
        coalesce(sum(expected_ore), 0) as expected_ore,
        coalesce(sum(billed_ore) filter (where status = 'NOT_RECONCILABLE'), 0) as not_reconcilable_ore,
        count(*) as cells,
        count(*) filter (where status = 'OPEN') as open_cells,
        count(*) filter (where status = 'NOT_RECONCILABLE') as not_reconcilable_cells,
        bool_or(synthetic) as synthetic
    from reconciliation
    where organisation_number is not null
    group by all
),
part as (
    select
        organisation_number, service, price_element, month,
        sum(amount_ore) filter (where reason not in ({{open}})) as explained_ore,
        sum(amount_ore) filter (where reason in ({{open}})) as open_ore
    from reconciliation_part
    group by all
),
reason as (
    select
        part.service, part.month,
        coalesce(sum(explained_ore), 0) as explained_ore,
        coalesce(sum(open_ore) filter (where open_ore > 0), 0) as over_ore,
        coalesce(-sum(open_ore) filter (where open_ore < 0 and not awaits_invoice), 0) as under_ore,
        coalesce(-sum(open_ore) filter (where open_ore < 0 and awaits_invoice), 0) as awaits_invoice_ore
    from part
    join reconciliation as whole
      on whole.organisation_number = part.organisation_number
     and whole.service = part.service and whole.price_element = part.price_element and whole.month = part.month
    group by all
)
select
    service, month, billed_ore, expected_ore,
    coalesce(explained_ore, 0) as explained_ore,
    coalesce(over_ore - under_ore - awaits_invoice_ore, 0) as open_ore,
    not_reconcilable_ore,
    coalesce(over_ore, 0) as over_ore,
    coalesce(under_ore, 0) as under_ore,
    coalesce(awaits_invoice_ore, 0) as awaits_invoice_ore,
    coalesce(over_ore + under_ore, 0) as at_stake_ore,
    cells, open_cells, not_reconcilable_cells, synthetic
from reconciled
left join reason using (service, month)
