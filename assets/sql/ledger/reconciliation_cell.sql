-- billed and measured side by side: one row per organisation, service, price element and month with either
with
-- what is counted by the person at a sensitive service stands for the whole country in one row, as in ledger.entry
by_the_person as (
    select price_element, measure from element where service in ({{sensitive}}) and measure in ({{persons}})
),
stated as (
    select
        case when price_element not in (select price_element from by_the_person) then organisation_number end as organisation_number,
        service, price_element, period as month,
        quantity as billed_quantity, amount_ore as billed_ore,
        null::decimal(18,4) as measured_quantity, null::bigint as expected_ore,
        synthetic
    from invoice_line
    union all
    select
        case when price_element not in (select price_element from by_the_person) then organisation_number end,
        service, price_element, month,
        null, null,
        quantity, amount_ore,
        synthetic
    from invoice_basis
),
summed as (
    select
        organisation_number, service, price_element, month,
        coalesce(sum(billed_quantity), 0)::decimal(18,4) as billed_quantity,
        coalesce(sum(billed_ore), 0)::bigint as billed_ore,
        count(billed_quantity) as lines,
        coalesce(sum(measured_quantity), 0)::decimal(18,4) as measured_quantity,
        coalesce(sum(expected_ore), 0)::bigint as expected_ore,
        count(measured_quantity) as basis_rows,
        bool_or(synthetic) as synthetic
    from stated
    group by all
),
-- elements of a service that count the same are measured together: where some are, that others are not means none were used
counted as (
    select price_element, coalesce(measure, price_element) as counts from element
),
measured as (
    select service, counts, min(month) as first_month
    from summed
    join counted using (price_element)
    where basis_rows > 0
    group by all
),
-- billed in the month before anything was measured, for what the first measured month lacks: that month it is of
month_before as materialized (
    select summed.organisation_number, summed.service, summed.price_element, summed.month, summed.billed_quantity, first_month
    from summed
    join counted using (price_element)
    join measured using (service, counts)
    where summed.month = first_month - interval 1 month and summed.billed_quantity > 0
),
too_early as (
    select early.organisation_number, early.service, early.price_element, early.month
    from month_before as early
    join summed as first
      on first.organisation_number = early.organisation_number and first.service = early.service
     and first.price_element = early.price_element and first.month = early.first_month
    where early.billed_quantity <= first.measured_quantity - first.billed_quantity
),
-- the whole country's use at a sensitive service is given only where it is a total that anyone may see, of one price
seen_total as (
    select by_the_person.price_element, total.service, total.month, total.quantity, max(invoice_basis.unit_price) as unit_price
    from total
    join by_the_person using (measure)
    join invoice_basis using (service, price_element, month)
    where total.quantity_hidden is null
    group by all
    having min(invoice_basis.unit_price) = max(invoice_basis.unit_price)
),
-- when anybody was invoiced last: a quarter is invoiced after its end
invoiced as (
    select max(invoiced_on) as last_on from invoice_line
),
judged as (
    select
        summed.*,
        seen_total.unit_price,
        case
            when summed.organisation_number is null then coalesce(seen_total.quantity = summed.measured_quantity, false)
            else coalesce(summed.month >= measured.first_month, false) or too_early.month is not null
        end as measurable,
        lines = 0
            and not coalesce(invoiced_to.last_period >= summed.month, false)
            and not coalesce(invoiced.last_on >= date_trunc('quarter', summed.month) + interval 3 months, false)
            as awaits_invoice
    from summed
    cross join invoiced
    left join invoiced_to on invoiced_to.organisation_number = summed.organisation_number
    left join counted using (price_element)
    left join measured using (service, counts)
    left join too_early
      on too_early.organisation_number = summed.organisation_number and too_early.service = summed.service
     and too_early.price_element = summed.price_element and too_early.month = summed.month
    left join seen_total
      on seen_total.service = summed.service and seen_total.price_element = summed.price_element
     and seen_total.month = summed.month
)
select
    organisation_number, service, price_element, month, billed_quantity, billed_ore,
    case when measurable then measured_quantity end as measured_quantity,
    -- of the total and its price alone: the sum of organisations' lines would tell of those without one
    case
        when measurable and organisation_number is null then round(measured_quantity * unit_price * 100)::bigint
        when measurable then expected_ore
    end as expected_ore,
    awaits_invoice,
    synthetic
from judged
-- what may be told of neither side is no row
where lines > 0 or measurable
