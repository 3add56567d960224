-- projects whose months do not sum to the loan's entries and to the costs that name them, or are not the ledger's
with entries as (
    select project, kind, amount_ore from loan_entry
    union all
    select project, 'SPENT', amount_ore from placed_cost where project is not null and cost_category = 'UTVIKLING'
),
told as (
    select project, month, 'DRAWDOWN' as kind, drawn_ore as amount_ore from project_month
    union all
    select project, month, 'REPAYMENT', repaid_ore + excess_ore from project_month
    union all
    select project, month, 'WRITE_OFF', written_off_ore from project_month
    union all
    select project, month, 'SPENT', spent_ore from project_month
),
booked as (
    select
        project, period as month, case account when 'PROJECT' then 'SPENT' else category end as kind,
        if(account = 'LOAN' and category <> 'DRAWDOWN', -amount_ore, amount_ore) as amount_ore
    from entry
    where project is not null
)
select project, null as month, kind, sum(entered_ore) as entered_ore, sum(told_ore) as told_ore
from (
    select project, kind, amount_ore as entered_ore, 0 as told_ore from entries
    union all
    select project, kind, 0, amount_ore from told
)
group by project, kind
having sum(entered_ore) <> sum(told_ore)
union all
select project, month, kind, sum(entered_ore), sum(told_ore)
from (
    select project, month, kind, amount_ore as entered_ore, 0 as told_ore from booked
    union all
    select project, month, kind, 0, amount_ore from told
)
group by project, month, kind
having sum(entered_ore) <> sum(told_ore)
