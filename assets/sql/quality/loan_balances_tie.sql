-- at each month end the account LOAN is the balances of the loans, and fees invoiced and not repaid are those of the ledger
with month_end as (
    -- a loan with an entry of a month to come has months that the others lack
    select distinct month
    from loan_month
    where month <= (select min(last_month) from (select max(month) as last_month from loan_month group by project))
),
told as (
    select
        month_end.month,
        sum(balance_ore) as balance_ore,
        sum(invoiced_not_repaid_ore) as invoiced_not_repaid_ore
    from month_end
    join loan_month using (month)
    group by month_end.month
),
-- a service has fees in the months of loans from its first loan on
lent as (
    select service, min(month) as first_month from loan_month where service is not null group by service
),
booked as (
    select
        month_end.month,
        -- what holds a quarter that was closed when amounts named no project is in no project's account
        coalesce(sum(amount_ore) filter (where account = 'LOAN' and project is not null), 0) as balance_ore,
        coalesce(sum(amount_ore) filter (where account = 'JOINING_FEE_RECEIVABLE' and first_month <= month_end.month), 0)
            as invoiced_not_repaid_ore
    from month_end
    join entry on entry.period <= month_end.month
    left join lent on lent.service = entry.service
    where account in ('LOAN', 'JOINING_FEE_RECEIVABLE')
    group by month_end.month
)
select
    month, told.balance_ore, booked.balance_ore as booked_ore,
    told.invoiced_not_repaid_ore, booked.invoiced_not_repaid_ore as booked_not_repaid_ore
from told
left join booked using (month)
where told.balance_ore <> coalesce(booked.balance_ore, 0)
   or told.invoiced_not_repaid_ore <> coalesce(booked.invoiced_not_repaid_ore, 0)
