-- the ledger's entries sum to each source stream, to the øre, and its allocations to nothing
-- lines of person-priced elements are told in sums, which person_priced_ties holds against them
with source as (
    select 'invoice_line' as source_stream, sum(amount_ore) as amount_ore, count(*) as rows
    from invoice_line
    anti join person_priced_line using (producer, invoice_id, line_number)
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
        -- a record that is partly beyond its loan has two rows
        count(*) filter (where account not in ('JOINING_FEE_EXCESS', 'LOAN_EXCESS')) as rows
    from entry
    where account not in ('ALLOCATED_COST', 'INVOICED_AHEAD', 'INVOICED_BEFORE')
      and category is distinct from 'REPAID_BY_FEE'
      and (source_stream <> 'invoice_line' or organisation_number is not null)
    group by all
)
select source_stream, source.amount_ore as sent_ore, booked.amount_ore as booked_ore
from source
left join booked using (source_stream)
where coalesce(source.amount_ore, 0) <> coalesce(booked.amount_ore, 0) or source.rows <> coalesce(booked.rows, 0)
union all
-- what is moved between months within a calendar year adds nothing to a year that is over
select source_stream, 0, sum(amount_ore)
from entry
where account in ('INVOICED_AHEAD', 'INVOICED_BEFORE')
  and year(original_period) < (select max(year(original_period)) from entry where account = 'INVOICED_BEFORE')
group by source_stream, year(original_period)
having sum(amount_ore) <> 0
union all
select source_stream, 0, sum(amount_ore)
from entry
where account = 'ALLOCATED_COST'
group by source_stream
having sum(amount_ore) <> 0
