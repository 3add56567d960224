-- What a service billed in a period against what its measured use implies. Too much and too little do not offset each
-- other in what is at stake. Amounts in øre without VAT. One row per month.
select
    month,
    billed_ore,
    expected_ore,
    explained_ore,
    open_ore,
    not_reconcilable_ore,
    over_ore,
    under_ore,
    awaits_invoice_ore,
    at_stake_ore,
    open_cells,
    synthetic
from ledger.reconciliation_product
where service = $service and month between $first and $last
order by month;
