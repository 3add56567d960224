-- Where money is at stake in a service's reconciliation: rows of which something is unexplained, those that await their
-- invoice left out; a correction of nothing explains nothing, and one beyond what is
-- right explains no more than that. Without what is told for the country alone, as in the product's sums. The largest
-- amount first, in øre without VAT. One row per organisation, element and month.
with part as (
    select organisation_number, service, price_element, month, cast(sum(amount_ore) as bigint) as amount_ore
    from ledger.reconciliation_part
    where reason in ('UNJUSTIFIED_CREDIT', 'UNJUSTIFIED_CHARGE', 'CORRECTS_NOTHING', 'UNEXPLAINED')
        and service = $service and month between $first and $last and organisation_number is not null
    group by organisation_number, service, price_element, month
)

select
    coalesce(organisation.name, rec.organisation_number) as organisation,
    coalesce(named.element, rec.price_element) as element,
    rec.month,
    rec.billed_quantity,
    rec.measured_quantity,
    rec.billed_ore,
    rec.expected_ore,
    part.amount_ore as unexplained_ore,
    rec.synthetic
from ledger.reconciliation as rec
inner join part
    on part.service = rec.service and part.month = rec.month and part.price_element = rec.price_element
    and part.organisation_number = rec.organisation_number
left join reference.organisation as organisation on organisation.organisation_number = rec.organisation_number
left join ({price_element_name}) as named on named.price_element = rec.price_element
where rec.service = $service and rec.month between $first and $last and rec.status = 'OPEN' and not rec.awaits_invoice
    and part.amount_ore <> 0
order by abs(part.amount_ore) desc, rec.month, rec.organisation_number, rec.price_element;
