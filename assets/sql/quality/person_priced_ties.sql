-- each sum of person-priced lines has at least 20 payers and is that of its lines, or is rounded, and no line is in two
-- 20, 1 000 kr and the price of 20 units are those of catalog/domain/person_priced.py, said once more for the gate
with line as (
    select
        person_priced_line.*,
        if(version = 'SENT', invoice_line.amount_ore, person_priced_line.amount_ore) as sent_ore,
        if(
            version = 'SENT',
            coalesce(invoice_line.payer_number, invoice_line.organisation_number), person_priced_line.payer_number
        ) as paid_by
    from person_priced_line
    left join invoice_line using (producer, invoice_id, line_number)
),
-- whose lines cancel out is no payer of a sum
payer as (
    select sum_key, sum_at, paid_by, sum(sent_ore) as ore
    from line
    where sum_key is not null
    group by all
),
few as (
    select sum_key, count(*) filter (where ore <> 0) as payers
    from payer
    where not starts_with(sum_key, 'avrundet/')
    group by sum_key, sum_at
    having payers < 20
),
summed as (
    select
        sum_key, sum(sent_ore) as ore,
        if(starts_with(sum_key, 'avrundet/'), greatest(100000, ceil(2000 * max(abs(unit_price))))::hugeint, 0) as step
    from line
    where sum_key is not null
    group by sum_key
),
booked as (
    -- the month in which a sum is booked stands behind its name where it is another
    select array_to_string(string_split(source_key, '/')[:3], '/') as sum_key, sum(amount_ore) as ore
    from entry
    where source_stream = 'invoice_line' and organisation_number is null
    group by all
)
select 'FEW_PAYERS' as what, sum_key, null as sent_ore, payers as booked_ore from few
union all
select 'SUM', sum_key, summed.ore, booked.ore
from summed
full join booked using (sum_key)
where coalesce(2 * abs(coalesce(booked.ore, 0) - summed.ore) > step or booked.ore % greatest(step, 1) <> 0, summed.ore is null)
union all
select 'LINE', producer || '/' || invoice_id, sent_ore, amount_ore
from line
where sent_ore is distinct from amount_ore or paid_by is distinct from payer_number
union all
select 'LINE_TWICE', producer || '/' || invoice_id, null, null
from person_priced_line
group by producer, invoice_id, line_number, version
having count(*) > 1
union all
-- what was withdrawn and what takes it back are nothing together
select 'TAKEN_BACK', producer || '/' || invoice_id, null, sum(amount_ore)
from person_priced_line
where version <> 'SENT'
group by producer, invoice_id, line_number
having sum(amount_ore) <> 0 or count(*) <> 2
