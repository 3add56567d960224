-- Where each project stands at the end of the month, and when its loan is expected to be paid off, which is told of the
-- newest month only: those of a service, or those that have none yet where none is asked for. Amounts in øre. One row per
-- project.
with standing as (
    select *
    from ledger.project_month
    where service is not distinct from $service and month <= $through
    qualify month = max(month) over (partition by project)
),

newest as (
    select project, payoff_month_low, payoff_month_expected, payoff_month_high, payoff_basis, payoff_reason
    from ledger.project_month
    where service is not distinct from $service
    qualify month = max(month) over (partition by project)
)

select
    standing.project,
    coalesce(standing.title, standing.project) as project_title,
    standing.financing,
    standing.phase,
    standing.month,
    standing.launch_month,
    standing.granted_ore,
    standing.drawn_to_date_ore,
    standing.spent_to_date_ore,
    standing.repaid_to_date_ore,
    standing.written_off_to_date_ore,
    standing.balance_ore,
    loan_month.invoiced_not_repaid_ore,
    loan_month.balance_by_invoice_ore,
    standing.excess_to_date_ore,
    newest.payoff_month_low,
    newest.payoff_month_expected,
    newest.payoff_month_high,
    newest.payoff_basis,
    newest.payoff_reason,
    standing.overdrawn,
    standing.synthetic
from standing
inner join newest on newest.project = standing.project
left join ledger.loan_month as loan_month
  on loan_month.project = standing.project and loan_month.month = standing.month
 and loan_month.service is not distinct from $service
order by standing.balance_ore desc, standing.project;
