-- Billed against measured, with its status.
--
-- Grain: one row per cell; of person-priced elements one per month, quarter or year with enough payers, organisation
-- null. Units: the element's, and øre without VAT. Where nothing measures the use, all columns that depend on it are
-- null.
with cell as (
    select
        organisation_number, service, price_element, month, span, billed_quantity, billed_ore, measured_quantity, expected_ore,
        awaits_invoice, synthetic
    from reconciliation_cell
    where price_element not in ({{person_priced}})
    union all
    select
        null, service, price_element, month, span, billed_quantity, billed_ore, measured_quantity, expected_ore, awaits_invoice,
        synthetic
    from reconciliation_told
),
reason as (
    select
        organisation_number, service, price_element, month,
        -- a correction of nothing is where to look, not why
        bool_or(reason in ({{open}})) as is_open,
        bool_or(reason <> 'ROUNDING') as differs,
        bool_or(synthetic) as synthetic
    from reconciliation_part
    group by all
)
select
    cell.organisation_number, cell.service, cell.price_element, cell.month, span,
    billed_quantity, measured_quantity, billed_quantity - measured_quantity as difference,
    billed_ore, expected_ore, billed_ore - expected_ore as difference_ore,
    case
        when measured_quantity is null then 'NOT_RECONCILABLE'
        when is_open then 'OPEN'
        when differs then 'EXPLAINED'
        else 'RECONCILED'
    end as status,
    awaits_invoice,
    cell.synthetic or coalesce(reason.synthetic, false) as synthetic
from cell
left join reason
  on reason.organisation_number is not distinct from cell.organisation_number
 and reason.service = cell.service and reason.price_element = cell.price_element and reason.month = cell.month
