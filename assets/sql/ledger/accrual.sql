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
-- what takes back a year or a quarter that is over is of its own month
spanning as (
    select ahead.* exclude (corrects_invoice_id, begun)
    from ahead
    anti join (select producer, invoice_id as corrected_id, price_element, period as corrected from ahead) as former
        on former.producer = ahead.producer
       and former.corrected_id = ahead.corrects_invoice_id
       and former.price_element = ahead.price_element
       and former.corrected < ahead.begun
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
