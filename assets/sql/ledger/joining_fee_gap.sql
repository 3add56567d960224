-- Invoices whose joining fees, at services with a loan, differ from the repayments that name them, and why.
--
-- Grain: one row per invoice with a difference. Unit: øre without VAT. Nulls: organisation, service and project where
-- there are several, or none is named.
--
-- one row per invoice whose joining fees that repay a loan are not what the repayments that name it come to, to the øre
-- a credit note goes with the invoice that it corrects, whichever of the two a repayment names
with line as (
    -- what of a fee is beyond the loan is income, and no repayment has to name it
    select fee_line.* replace (loan_ore as amount_ore), coalesce(corrects_invoice_id, invoice_id) as its_invoice
    from fee_line
    join loan_fee
      on loan_fee.source_stream = 'invoice_line'
     and loan_fee.producer = fee_line.producer
     and loan_fee.source_key = fee_line.invoice_id || '/' || fee_line.line_number
),
credit_note as (
    select invoice_id, min(its_invoice) as its_invoice
    from line
    group by invoice_id
    having count(distinct its_invoice) = 1
),
told as (
    select
        its_invoice as invoice_id, period, organisation_number, service, null as project,
        amount_ore as fee_ore, 0 as repaid_ore, synthetic, true as is_fee
    from line
    union all by name
    select
        coalesce(credit_note.its_invoice, loan_entry.invoice_id) as invoice_id,
        cast(date_trunc('month', booked_on) as date) as period,
        organisation_number, service, project, 0 as fee_ore, amount_ore as repaid_ore, synthetic, false as is_fee
    from loan_entry
    left join credit_note on credit_note.invoice_id = loan_entry.invoice_id
    where kind = 'REPAYMENT' and loan_entry.invoice_id is not null
),
summed as (
    select
        invoice_id,
        coalesce(min(period) filter (where is_fee), min(period)) as period,
        -- of one, or nobody's
        case when count(distinct organisation_number) = 1 then min(organisation_number) end as organisation_number,
        case when count(distinct service) = 1 then min(service) end as service,
        case when count(distinct project) = 1 then min(project) end as project,
        sum(fee_ore) as fee_ore,
        sum(repaid_ore) as repaid_ore,
        bool_or(is_fee) as has_fee,
        bool_or(not is_fee) as is_named,
        bool_or(synthetic) as synthetic
    from told
    group by invoice_id
    having sum(fee_ore) <> sum(repaid_ore)
)
select
    invoice_id, period, organisation_number, service, project, fee_ore, repaid_ore,
    fee_ore - repaid_ore as difference_ore,
    case
        when not has_fee and invoice_id not in (select invoice_id from billed) then 'NO_INVOICE'
        when not has_fee then 'NO_FEE_LINE'
        when not is_named then 'NO_REPAYMENT'
        when fee_ore > repaid_ore then 'FEE_ABOVE_REPAYMENT'
        else 'FEE_BELOW_REPAYMENT'
    end as reason,
    synthetic
from summed
