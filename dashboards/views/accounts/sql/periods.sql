-- Which quarters are closed, by whom, and what of a service was booked later than the month it is of: how many entries,
-- and their effect on the result, loans and projects left out. Amounts in øre without VAT. One row per quarter that is
-- among the last six, was closed, or has such entries, the newest first.
with later as (
    select
        year(original_period) || '-Q' || quarter(original_period) as quarter,
        count(*) as entries,
        sum(
            case
                when account in ('INCOME', 'JOINING_FEE_EXCESS', 'INVOICED_AHEAD', 'INVOICED_BEFORE') then amount_ore
                when account in ('COST', 'ALLOCATED_COST') then -amount_ore
                else 0
            end
        ) as amount_ore
    from ledger.entry
    where service = $service and date_trunc('quarter', period) <> date_trunc('quarter', original_period)
    group by all
)

select
    period.quarter,
    period.status,
    period.closed_by,
    period.changed_at,
    period.release,
    coalesce(later.entries, 0) as later_entries,
    cast(coalesce(later.amount_ore, 0) as bigint) as later_ore,
    period.synthetic
from ledger.period as period
left join later on later.quarter = period.quarter
where period.quarter <= year($through) || '-Q' || quarter($through)
qualify row_number() over (order by period.quarter desc) <= 6 or period.status <> 'OPEN' or later.entries > 0
order by period.quarter desc;
