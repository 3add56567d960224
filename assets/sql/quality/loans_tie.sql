-- projects whose loan months do not sum to the loan's entries, or whose spending does not to the costs that name them
with entries as (
    select project, kind, amount_ore from loan_entry
    union all
    select project, 'SPENT', amount_ore from placed_cost where project is not null and cost_category = 'UTVIKLING'
),
told as (
    select project, 'DRAWDOWN' as kind, drawn_ore as amount_ore from project_month
    union all
    select project, 'REPAYMENT', repaid_ore from project_month
    union all
    select project, 'WRITE_OFF', written_off_ore from project_month
    union all
    select project, 'SPENT', spent_ore from project_month
)
select project, kind, sum(entered_ore) as entered_ore, sum(told_ore) as told_ore
from (
    select project, kind, amount_ore as entered_ore, 0 as told_ore from entries
    union all
    select project, kind, 0, amount_ore from told
)
group by project, kind
having sum(entered_ore) <> sum(told_ore)
