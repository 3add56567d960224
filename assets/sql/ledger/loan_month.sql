-- The projects' accounts that have a loan.
--
-- Grain: one row per (project, month) from the loan's first entry on. Unit: øre without VAT.
with begun as (
    select project, min(month) as first_month
    from project_month
    where drawn_ore <> 0 or repaid_ore <> 0 or written_off_ore <> 0
    group by project
)
select project_month.* exclude (title, financing, phase, launch_month, launched, spent_ore, spent_to_date_ore)
from project_month
join begun using (project)
where month >= first_month
