-- What was billed against what use implies.
--
-- Grain: one row per (organisation_number, service, price_element, month) with an invoice line or a row of the basis.
-- Units: the element's, and øre without VAT. Measured and expected are 0 where use is measured and there was none.
-- They are null where nothing measures it: the basis has neither the element nor another of the service that counts
-- the same, or not yet. Null in `span`: a person-priced element with too few payers even in the year.
with stated as (
    select
        organisation_number, service, price_element, period as month,
        quantity as billed_quantity, amount_ore as billed_ore,
        null::decimal(18,4) as measured_quantity, null::bigint as expected_ore,
        synthetic
    from invoice_line
    union all
    select
        organisation_number, service, price_element, month,
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
-- person-priced elements are told for the country: by the month where at least 20 payers are billed, or none is, and so many
-- measured, or none is; else what is left by the quarter, by the year, or not at all
payer as (
    select distinct price_element, period as month, coalesce(payer_number, organisation_number) as payer_number, true as billed
    from invoice_line
    where price_element in ({{person_priced}})
    union all
    select distinct price_element, month, payer_number, false
    from invoice_basis
    where price_element in ({{person_priced}})
),
of_month as (
    select price_element, month, {{few}} as few from payer group by all
),
of_quarter as (
    select price_element, date_trunc('quarter', month) as quarter, {{few}} as few
    from payer
    semi join (from of_month where few) as few_in_month using (price_element, month)
    group by all
),
of_year as (
    select price_element, date_trunc('year', month) as year, {{few}} as few
    from payer
    semi join (from of_month where few) as few_in_month using (price_element, month)
    semi join (from of_quarter where few) as few_in_quarter
      on few_in_quarter.price_element = payer.price_element and few_in_quarter.quarter = date_trunc('quarter', payer.month)
    group by all
),
told as (
    select
        of_month.price_element, of_month.month,
        case when not of_month.few then 'MONTH' when not of_quarter.few then 'QUARTER' when not of_year.few then 'YEAR' end as span
    from of_month
    left join of_quarter
      on of_quarter.price_element = of_month.price_element and of_quarter.quarter = date_trunc('quarter', of_month.month)
    left join of_year
      on of_year.price_element = of_month.price_element and of_year.year = date_trunc('year', of_month.month)
),
-- when anybody was invoiced last: a quarter is invoiced after its end
invoiced as (
    select max(invoiced_on) as last_on from invoice_line
),
judged as (
    select
        summed.*,
        if(told.price_element is null, 'MONTH', span) as span,
        coalesce(summed.month >= measured.first_month, false) or too_early.month is not null as measurable,
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
    left join told on told.price_element = summed.price_element and told.month = summed.month
)
select
    organisation_number, service, price_element, month, span, billed_quantity, billed_ore,
    case when measurable then measured_quantity end as measured_quantity,
    case when measurable then expected_ore end as expected_ore,
    awaits_invoice,
    synthetic
from judged
