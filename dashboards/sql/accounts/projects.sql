-- Where each project stands in the last month there is of it, and when its loan is expected to be paid off: those of a
-- service, or those that have none yet where none is asked for. Amounts in øre. One row per project.
select
    project,
    coalesce(title, project) as project_title,
    financing,
    phase,
    month,
    launch_month,
    granted_ore,
    drawn_to_date_ore,
    spent_to_date_ore,
    repaid_to_date_ore,
    written_off_to_date_ore,
    balance_ore,
    payoff_month_low,
    payoff_month_expected,
    payoff_month_high,
    payoff_basis,
    payoff_reason,
    overdrawn,
    synthetic
from ledger.project_month
where service is not distinct from $service
qualify month = max(month) over (partition by project)
order by balance_ore desc, project;
