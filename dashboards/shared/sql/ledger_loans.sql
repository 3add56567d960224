-- Where each loan stood at the end of the month, and a year before; asked where the release follows loans by month. When
-- it is expected to be paid off is told of the newest month only. One row per project.
with standing as (
    select *, max(month) over (partition by project) as last_month
    from ledger.loan_month
    where month <= $through and ($service is null or service = $service)
),

newest as (
    select project, payoff_month_low, payoff_month_expected, payoff_month_high, payoff_basis, payoff_reason
    from ledger.loan_month
    where $service is null or service = $service
    qualify month = max(month) over (partition by project)
)

select
    standing.project,
    standing.service,
    coalesce(product.name_nb, standing.service) as name,
    standing.granted_ore,
    standing.drawn_to_date_ore as drawn_ore,
    standing.repaid_to_date_ore as repaid_ore,
    standing.balance_ore,
    before.balance_ore as balance_before_ore,
    standing.overdrawn,
    newest.payoff_month_low,
    newest.payoff_month_expected,
    newest.payoff_month_high,
    newest.payoff_basis,
    newest.payoff_reason,
    standing.synthetic
from standing
inner join newest on newest.project = standing.project
left join ledger.loan_month as before
    on before.project = standing.project and before.month = standing.last_month - interval 1 year
    and ($service is null or before.service = $service)
left join reference.product as product on product.service = standing.service
where standing.month = standing.last_month
order by standing.balance_ore desc, standing.project;
