-- Every amount with its source, in its own period, before periods are closed (`assets/closing.py`).
--
-- Grain: one row per record of the three streams; one more for a joining fee or a repayment that partly exceeds the loan,
-- and for a repayment that names a fee; for a line that is for several months one on its month and one on each later month
-- up to that of `as_of`, which sum to zero when the last is over; and for each allocated cost one row on shared and one per service, which sum to
-- zero.
-- Lines of person-priced elements have one row per sum of payers and moment at which it was complete, without
-- organisation or invoice. Unit: øre without VAT; reductions of a loan or of a receivable are negative, otherwise
-- amounts sum to each stream. Service is null for a cost that no service carries. Organisation is null where none is named. Not a
-- table: writing and reading a million and a half rows takes longer than computing them where they are closed.
--
-- every krone with its source, in the period that it is of: one row per invoice line, cost entry and loan entry, and for
-- each cost that is allocated one credit row on shared and one debit row per service, which sum to zero
-- development in a project is PROJECT
-- LOAN is drawn − repaid − written off, and sums to what is owed. What of a repayment is beyond the loan is LOAN_EXCESS.
-- A joining fee is a receivable from its invoice on; a repayment that names it has a row beside it that settles the
-- receivable. What of a fee is beyond the loan is income
-- lines of person-priced elements are booked in sums of payers, which name no invoice: its other lines say whose it is
with invoiced as (
    select *, account as its_account, amount_ore as its_ore
    from billed
    where account = 'INCOME'
    union all by name
    select
        fee_line.*,
        unnest(['JOINING_FEE_RECEIVABLE', 'JOINING_FEE_EXCESS']) as its_account,
        unnest([loan_ore, amount_ore - loan_ore]) as its_ore
    from fee_line
    join loan_fee
      on loan_fee.source_stream = 'invoice_line'
     and loan_fee.producer = fee_line.producer
     and loan_fee.source_key = fee_line.invoice_id || '/' || fee_line.line_number
),
lent as (
    select
        *,
        sum(if(kind = 'DRAWDOWN', amount_ore, 0)) over (partition by project) as drawn_ore,
        sum(if(kind = 'WRITE_OFF', amount_ore, 0)) over (partition by project) as written_off_ore,
        sum(if(kind = 'REPAYMENT', amount_ore, 0)) over (
            partition by project order by booked_on, producer, entry_id rows unbounded preceding
        ) as repaid_ore
    from loan_entry
),
-- the repayments that pass what was drawn and not written off are the last ones. Where nobody has told what was drawn,
-- none is beyond it
loan_part as (
    select
        *,
        if(
            kind = 'REPAYMENT' and drawn_ore > 0,
            greatest(least(repaid_ore - greatest(drawn_ore - written_off_ore, 0), amount_ore), 0), 0
        )::bigint as excess_ore
    from lent
)
select
    'invoice_line' as source_stream,
    producer,
    invoice_id || '/' || line_number as source_key,
    organisation_number,
    service,
    null as project,
    period,
    its_account as account,
    price_element as category,
    its_ore as amount_ore,
    first_received_at,
    synthetic
from invoiced
where its_account <> 'JOINING_FEE_EXCESS' or its_ore <> 0
union all
select
    'invoice_line', '{{by_us}}', source_key, null, service, null, period, 'INCOME', price_element, amount_ore,
    first_received_at, synthetic
from payer_sum
union all
select
    'invoice_line', producer, invoice_id || '/' || line_number, organisation_number, service, null, period, account,
    price_element, amount_ore, first_received_at, synthetic
from accrual
union all
select
    'cost_entry', producer, entry_id, null,
    -- products of others carry no cost of ours: ledger.unmapped_cost lists it
    case when service not in ({{external}}) then service end,
    -- a cost that names a project and is none of its development is in the account of its product
    case when {{outside}} then project end,
    period,
    case when {{outside}} then 'PROJECT' else 'COST' end,
    cost_category, amount_ore, first_received_at, synthetic
from placed_cost
union all
select
    'loan_entry', producer, entry_id, organisation_number, service, project,
    cast(date_trunc('month', booked_on) as date), its_account, kind, its_ore, first_received_at, synthetic
from (
    select
        *,
        unnest(['LOAN', 'LOAN_EXCESS']) as its_account,
        unnest([if(kind = 'DRAWDOWN', amount_ore, excess_ore - amount_ore), excess_ore]) as its_ore
    from loan_part
)
where its_account = 'LOAN' or its_ore <> 0
union all
select
    'loan_entry', loan_entry.producer, entry_id, organisation_number, fee_service, null,
    cast(date_trunc('month', booked_on) as date), 'JOINING_FEE_RECEIVABLE', 'REPAID_BY_FEE', -loan_ore, first_received_at, loan_entry.synthetic
from loan_entry
join loan_fee
  on loan_fee.source_stream = 'loan_entry' and loan_fee.producer = loan_entry.producer and loan_fee.source_key = loan_entry.entry_id
where loan_ore <> 0
union all
select
    'cost_entry', producer, entry_id, null, allocation.service, null, allocation.period, 'ALLOCATED_COST',
    placed_cost.cost_category, allocation.amount_ore, placed_cost.first_received_at, allocation.synthetic
from allocation
join placed_cost using (producer, entry_id)
union all
select
    'cost_entry', producer, entry_id, null, null, null, credit.period, 'ALLOCATED_COST',
    placed_cost.cost_category, -credit.amount_ore, placed_cost.first_received_at, credit.synthetic
from (
    select producer, entry_id, period, sum(amount_ore) as amount_ore, bool_or(synthetic) as synthetic
    from allocation
    group by all
) as credit
join placed_cost using (producer, entry_id)
