-- what moves income from the month of an invoice line to the months that it is for: one row on the line's own month, which
-- takes out what is for later months, and one per later month up to that of as_of
-- the line's own unit says for how long it is, else the price. The first n months have n parts of the whole, rounded half
-- away from zero, so that the parts sum to the line, and those of a line and of its credit to nothing
with timed as (
    select
        producer, invoice_id, line_number, organisation_number, service, price_element, period, amount_ore,
        corrects_invoice_id, first_received_at, billed.synthetic,
        coalesce({{months_of_unit}}, months) as unit_months
    from billed
    join price_months using (price_element)
    where account = 'INCOME' and amount_ore <> 0
      and (first_day is null or first_day <= period)
      and (next_day is null or period < next_day)
),
-- the rest of the calendar year or quarter
ahead as (
    select
        * exclude (unit_months),
        unit_months - (month(period) - 1) % unit_months as months,
        period - to_months(((month(period) - 1) % unit_months)::integer) as begun
    from timed
    where unit_months > 1
),
-- what is corrected, up to the last month that it is of: few invoices are
corrected as (
    select producer, invoice_id, price_element, max(period) as last_period
    from ahead
    where (producer, invoice_id) in (select (producer, corrects_invoice_id) from ahead where corrects_invoice_id is not null)
    group by all
),
-- what takes back a year or a quarter that is over is of its own month
spanning as (
    select ahead.* exclude (corrects_invoice_id, begun)
    from ahead
    anti join corrected
        on corrected.producer = ahead.producer
       and corrected.invoice_id = ahead.corrects_invoice_id
       and corrected.price_element = ahead.price_element
       and corrected.last_period < ahead.begun
),
part as (
    select *, unnest(range(months)) as nth
    from spanning
    where months > 1
),
cut as (
    select
        *,
        sign(amount_ore) * (
            (2 * (nth + 1) * abs(amount_ore)::hugeint + months) // (2 * months)
            - (2 * nth * abs(amount_ore)::hugeint + months) // (2 * months)
        ) as part_ore,
        (period + to_months(nth::integer))::date as month
    from part
)
select
    producer, invoice_id, line_number, organisation_number, service, price_element,
    month as period,
    if(nth = 0, {{ahead}}, {{before}}) as account,
    if(nth = 0, part_ore - amount_ore, part_ore)::bigint as amount_ore,
    first_received_at, synthetic
from cut
where month <= greatest($through, period) and if(nth = 0, part_ore <> amount_ore, part_ore <> 0)
