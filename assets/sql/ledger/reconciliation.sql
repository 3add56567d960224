-- billed against measured: one row per organisation, service, price element and month with either, and how it stands
with reason as (
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
    cell.organisation_number, cell.service, cell.price_element, cell.month,
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
from reconciliation_cell as cell
left join reason
  on reason.organisation_number is not distinct from cell.organisation_number
 and reason.service = cell.service and reason.price_element = cell.price_element and reason.month = cell.month
