-- The projects' accounts that have a loan, and what of their joining fees is invoiced and not yet repaid.
--
-- Grain: one row per (project, month) from the loan's first entry on. Unit: øre without VAT. A fee names its service and
-- no project: the loans of a service share what is not yet repaid, the oldest first, up to what each owes. The youngest
-- takes the rest, so that the sum over the loans is the service's.
with begun as (
    select project, min(month) as first_month
    from project_month
    where drawn_ore <> 0 or repaid_ore <> 0 or written_off_ore <> 0
    group by project
),
loan as (
    select project_month.*
    from project_month
    join begun using (project)
    where month >= first_month
),
fee as (
    select service, period, sum(amount_ore) as fee_ore
    from entry
    where account = 'JOINING_FEE_RECEIVABLE'
    group by all
),
receivable as (
    select service, month, sum(fee_ore) as receivable_ore
    from (select distinct service, month from loan)
    join fee using (service)
    where fee.period <= month
    group by all
),
beside_older as (
    select
        loan.*,
        coalesce(receivable_ore, 0) as receivable_ore,
        coalesce(sum(greatest(balance_ore, 0)) over (
            of_service order by launch_month nulls last, project rows between unbounded preceding and 1 preceding
        ), 0) as owed_by_older_ore,
        row_number() over (of_service order by launch_month desc nulls first, project desc) = 1 as is_youngest
    from loan
    left join receivable using (service, month)
    window of_service as (partition by service, month)
),
shared as (
    select
        *,
        receivable_ore - greatest(least(receivable_ore, owed_by_older_ore), 0) as left_by_older_ore
    from beside_older
)
select
    * exclude (
        title, financing, phase, launch_month, launched, spent_ore, spent_to_date_ore, receivable_ore, owed_by_older_ore,
        is_youngest, left_by_older_ore
    ),
    if(is_youngest, left_by_older_ore, greatest(least(left_by_older_ore, balance_ore), 0)) as invoiced_not_repaid_ore,
    balance_ore - if(is_youngest, left_by_older_ore, greatest(least(left_by_older_ore, balance_ore), 0))
        as balance_by_invoice_ore
from shared
