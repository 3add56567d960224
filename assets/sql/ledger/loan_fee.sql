-- what of each joining fee of a service with a loan repays the loan; and what of each repayment that names such a fee the
-- fee has done already: one row per line, and per such repayment
-- what a repayment names is the loan's. Of the other fees the earliest take what is still owed; where nobody has told what
-- was drawn, none is beyond it
with line as (
    select *, coalesce(corrects_invoice_id, invoice_id) as its_invoice from fee_line
),
credit_note as (
    select invoice_id, min(its_invoice) as its_invoice from line group by invoice_id having count(distinct its_invoice) = 1
),
entry_of_loan as (
    select
        loan_entry.*,
        coalesce(loan_entry.service, project.service) as of_service,
        case when kind = 'REPAYMENT' then coalesce(credit_note.its_invoice, loan_entry.invoice_id) end as its_invoice
    from loan_entry
    left join project using (project)
    left join credit_note on credit_note.invoice_id = loan_entry.invoice_id
),
fee as (
    select its_invoice, min(service) as service, min(period) as period, sum(amount_ore) as fee_ore
    from line
    group by its_invoice
),
named as (
    select its_invoice, sum(amount_ore) as repaid_ore from entry_of_loan where its_invoice is not null group by its_invoice
),
settled as (
    select fee.*, greatest(least(fee_ore, coalesce(repaid_ore, 0)), 0) as settled_ore
    from fee
    left join named using (its_invoice)
),
owed as (
    select
        of_service as service,
        sum(amount_ore) filter (where kind = 'DRAWDOWN')
            - coalesce(sum(amount_ore) filter (where kind = 'WRITE_OFF'), 0)
            - coalesce(sum(amount_ore) filter (where kind = 'REPAYMENT'), 0) as owed_ore
    from entry_of_loan
    where of_service is not null
    group by of_service
),
-- repayments that fees have done are in what is owed by now; other fees wait for theirs
rest as (
    select
        settled.*,
        case when owed_ore is not null then greatest(owed_ore, 0) end as room,
        sum(fee_ore - settled_ore) over (
            partition by service order by period, its_invoice rows unbounded preceding
        ) as reached
    from settled
    left join owed using (service)
),
of_loan as (
    select
        its_invoice, fee_ore, settled_ore,
        settled_ore + case
            when room is null then fee_ore - settled_ore
            else least(reached, room) - least(reached - (fee_ore - settled_ore), room)
        end as loan_ore
    from rest
),
-- credits first, so that no line is beyond the loan for what is credited
laid as (
    select
        line.*, fee_ore, loan_ore,
        sum(amount_ore) over (
            partition by its_invoice order by amount_ore > 0, invoice_id, line_number rows unbounded preceding
        ) as so_far
    from line
    join of_loan using (its_invoice)
)
select
    'invoice_line' as source_stream, producer, invoice_id || '/' || line_number as source_key, service as fee_service,
    case
        when fee_ore < 0 then greatest(so_far, loan_ore) - greatest(so_far - amount_ore, loan_ore)
        else least(so_far, loan_ore) - least(so_far - amount_ore, loan_ore)
    end::bigint as loan_ore
from laid
union all
-- of several repayments that name a fee, the first have done it
select
    'loan_entry', producer, entry_id, settled.service,
    (least(named_so_far, settled_ore) - least(named_so_far - amount_ore, settled_ore))::bigint
from (
    select
        entry_of_loan.producer, entry_id, its_invoice, amount_ore,
        sum(amount_ore) over (partition by its_invoice order by booked_on, producer, entry_id rows unbounded preceding) as named_so_far
    from entry_of_loan
    where its_invoice is not null
)
join settled using (its_invoice)
where settled_ore > 0
