-- what of each joining fee of a service with a loan repays the loan; and what of each repayment fees have done already:
-- one row per line, and per such repayment
-- what a repayment names is the loan's, and one that names nothing settles the service's oldest fees. Of what is left the
-- earliest fees take what is still owed; where nobody has told what was drawn, none is beyond it
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
repayment as (
    select
        producer, entry_id, of_service, its_invoice, booked_on,
        sum(amount_ore) over (
            partition by its_invoice, if(its_invoice is null, of_service, null)
            order by booked_on, producer, entry_id rows unbounded preceding
        ) as repaid_ore
    from entry_of_loan
    where kind = 'REPAYMENT'
),
-- the fees as they stood when a repayment was booked: a credit note of a later month takes back nothing that is settled.
-- The fee itself counts whenever it came, since a repayment may be booked before its invoice
then_charged as (
    select
        repayment.producer, entry_id, fee.service, repayment.its_invoice, booked_on, repaid_ore,
        sum(line.amount_ore) filter (where line.amount_ore > 0 or line.period <= booked_on) as charged_ore
    from repayment
    join fee using (its_invoice)
    join line using (its_invoice)
    group by all
),
by_name as (
    select
        *,
        -- a repayment that is reversed takes back what it settled; nothing else does
        greatest(0, least(repaid_ore, max(least(repaid_ore, charged_ore)) over so_far)) as settled_ore
    from then_charged
    window so_far as (partition by its_invoice order by booked_on, producer, entry_id rows unbounded preceding)
),
settled as (
    select
        fee.*,
        coalesce(of_fee.settled_ore, 0) as settled_ore,
        -- what is left to settle; of a fee that was credited after its repayment nothing is, and too much is repaid
        if(of_fee.settled_ore > 0, greatest(fee_ore - of_fee.settled_ore, 0), fee_ore) as left_ore,
        if(of_fee.settled_ore > 0, greatest(of_fee.settled_ore - fee_ore, 0), 0) as too_much_ore
    from fee
    left join (
        select its_invoice, arg_max(settled_ore, (booked_on, producer, entry_id)) as settled_ore
        from by_name
        group by its_invoice
    ) as of_fee using (its_invoice)
),
-- what each repayment that names no invoice finds unsettled among the fees of its service. A fee is its repayment's by
-- name, whenever that is booked
then_unnamed as (
    select producer, entry_id, service, booked_on, repaid_ore, sum(greatest(charged_ore - settled_ore, 0)) as charged_ore
    from (
        select
            repayment.producer, entry_id, settled.service, settled.its_invoice, booked_on, repaid_ore, settled_ore,
            sum(line.amount_ore) filter (where line.amount_ore > 0 or line.period <= booked_on) as charged_ore
        from repayment
        join settled on settled.service = of_service
        join line on line.its_invoice = settled.its_invoice
        where repayment.its_invoice is null
        group by all
    )
    group by all
),
unnamed as (
    select
        *,
        greatest(0, least(repaid_ore, max(least(repaid_ore, coalesce(charged_ore, 0))) over so_far)) as settled_ore
    from then_unnamed
    window so_far as (partition by service order by booked_on, producer, entry_id rows unbounded preceding)
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
-- the loan's, of what no repayment names: what is owed, what repayments without a name have settled, and what stands in
-- for fees that were repaid and credited afterwards
room as (
    select
        service,
        greatest(owed_ore, 0) + coalesce(of_unnamed.settled_ore, 0) + coalesce(too_much_ore, 0) as room
    from owed
    left join (
        select service, arg_max(settled_ore, (booked_on, producer, entry_id)) as settled_ore from unnamed group by service
    ) as of_unnamed using (service)
    left join (select service, sum(too_much_ore) as too_much_ore from settled group by service) using (service)
    where owed_ore is not null
),
rest as (
    select
        settled.*,
        room,
        sum(left_ore) over (partition by service order by period, its_invoice rows unbounded preceding) as reached
    from settled
    left join room using (service)
),
of_loan as (
    select
        its_invoice, fee_ore,
        fee_ore - left_ore + case
            when room is null then left_ore
            else least(reached, room) - least(reached - left_ore, room)
        end as loan_ore
    from rest
),
-- credits first, so that no line is beyond the loan for what is credited; last where more is credited than charged
laid as (
    select
        line.*, fee_ore, loan_ore,
        sum(amount_ore) over (
            partition by its_invoice
            order by (amount_ore > 0) = (fee_ore >= 0), invoice_id, line_number rows unbounded preceding
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
-- each repayment has done what it adds to what is settled
select
    'loan_entry', producer, entry_id, service,
    (settled_ore - lag(settled_ore, 1, 0) over (
        partition by its_invoice, if(its_invoice is null, service, null) order by booked_on, producer, entry_id
    ))::bigint
from (select * from by_name union all by name select * from unnamed)
