-- Why what a service billed in a period differs from what its use implies: too much and too little of each reason, and
-- how many differences it is a part of. Without what is told for the country alone, as in the product's sums. Amounts in
-- øre without VAT. One row per reason, in the order they are tried.
select
    reason,
    count(*) as differences,
    cast(coalesce(sum(amount_ore) filter (where amount_ore > 0), 0) as bigint) as over_ore,
    cast(coalesce(-sum(amount_ore) filter (where amount_ore < 0), 0) as bigint) as under_ore,
    cast(sum(amount_ore) as bigint) as difference_ore,
    bool_or(synthetic) as synthetic
from ledger.reconciliation_part
where service = $service and month between $first and $last and organisation_number is not null
group by reason
order by list_position(
    ['MONTH_SHIFT', 'LATE_STATE', 'CORRECTION', 'UNJUSTIFIED_CREDIT', 'UNJUSTIFIED_CHARGE', 'CORRECTS_NOTHING',
        'OTHER_PAYER', 'UNKNOWN_ACCOUNT', 'PRICE_CHANGE', 'ROUNDING', 'UNEXPLAINED'],
    reason
);
