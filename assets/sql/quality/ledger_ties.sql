-- the ledger's entries sum to each source stream, to the øre, and its allocations to nothing
-- of the elements of which lines are one row together (`catalog.tables.ledger.SUMMED`), the sums alone
with summed as (
    select distinct category as price_element from entry where starts_with(source_key, 'samlet/')
),
source as (
    select
        'invoice_line' as source_stream, sum(amount_ore) as amount_ore,
        count(*) filter (where price_element not in (select price_element from summed)) as rows
    from invoice_line
    union all
    select 'cost_entry', sum(amount_ore), count(*) from cost_entry
    union all
    select 'loan_entry', sum(amount_ore), count(*) from loan_entry
),
booked as (
    select
        source_stream,
        -- what lessens a loan is booked with a minus
        sum(case when account = 'LOAN' and category <> 'DRAWDOWN' then -amount_ore else amount_ore end) as amount_ore,
        count(*) filter (where account <> 'JOINING_FEE_EXCESS' and not starts_with(source_key, 'samlet/')) as rows
    from entry
    where account <> 'ALLOCATED_COST' and category is distinct from 'REPAID_BY_FEE'
    group by all
)
select source_stream, source.amount_ore as sent_ore, booked.amount_ore as booked_ore
from source
left join booked using (source_stream)
where coalesce(source.amount_ore, 0) <> coalesce(booked.amount_ore, 0) or source.rows <> coalesce(booked.rows, 0)
union all
select source_stream, 0, sum(amount_ore)
from entry
where account = 'ALLOCATED_COST'
group by source_stream
having sum(amount_ore) <> 0
