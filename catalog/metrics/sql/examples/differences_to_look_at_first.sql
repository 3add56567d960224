-- question.nb: Hvilke uforklarte forskjeller bør vi se på først?
-- question.en: Which unexplained differences should we look at first?

select
    part.organisation_number,
    customer.name,
    part.service,
    part.price_element,
    part.month,
    part.reason,
    whole.billed_quantity,
    whole.measured_quantity,
    part.quantity as unexplained,
    part.amount_ore * 0.01 as kr,
    part.synthetic
from ledger.reconciliation_part as part
join ledger.reconciliation as whole
    on whole.organisation_number is not distinct from part.organisation_number
    and whole.service = part.service
    and whole.price_element = part.price_element
    and whole.month = part.month
left join reference.organisation as customer on customer.organisation_number = part.organisation_number
where
    part.reason in ('UNJUSTIFIED_CREDIT', 'UNJUSTIFIED_CHARGE', 'CORRECTS_NOTHING', 'UNEXPLAINED')
    and not whole.awaits_invoice
order by abs(part.amount_ore) desc, part.organisation_number, part.service, part.price_element, part.month
limit 50;
