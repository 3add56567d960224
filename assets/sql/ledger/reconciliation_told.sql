-- person-priced elements as they are told, for the country: one row per element and month, quarter or year with enough
-- payers. Its month is the last that it has something of
select
    service, price_element, span, date_trunc(span, month)::date as begun, max(month) as month,
    sum(billed_quantity)::decimal(18,4) as billed_quantity,
    sum(billed_ore)::bigint as billed_ore,
    case when count(measured_quantity) = count(*) then sum(measured_quantity)::decimal(18,4) end as measured_quantity,
    case when count(measured_quantity) = count(*) then sum(expected_ore)::bigint end as expected_ore,
    bool_and(awaits_invoice) as awaits_invoice,
    bool_or(synthetic) as synthetic
from reconciliation_cell
where price_element in ({{person_priced}}) and span is not null
group by service, price_element, span, begun
