-- the account of each product and month is the sum of its entries, allocated cost included
with booked as (
    select
        service, period as month,
        coalesce(sum(amount_ore) filter (where account in ('INCOME', 'JOINING_FEE_EXCESS', 'INVOICED_AHEAD', 'INVOICED_BEFORE')), 0) as income_ore,
        coalesce(sum(amount_ore) filter (where account = 'COST'), 0) as cost_ore,
        coalesce(sum(amount_ore) filter (where account = 'ALLOCATED_COST'), 0) as allocated_ore
    from entry
    where service is not null and account in ('INCOME', 'JOINING_FEE_EXCESS', 'INVOICED_AHEAD', 'INVOICED_BEFORE', 'COST', 'ALLOCATED_COST')
    group by service, period
),
told as (
    select
        service, month,
        sum(income_ore) as income_ore,
        sum(cost_brukerstotte_ore + cost_drift_ore + cost_forvaltning_ore + cost_administrasjon_ore) as cost_ore,
        sum(allocated_ore) as allocated_ore,
        sum(result_ore) as result_ore
    from product_month
    group by service, month
)
select service, month, told.result_ore, booked.income_ore - booked.cost_ore - booked.allocated_ore as booked_ore
from told
full join booked using (service, month)
-- a month that only has a budget has no entry
where coalesce(told.income_ore, 0) <> coalesce(booked.income_ore, 0)
   or coalesce(told.cost_ore, 0) <> coalesce(booked.cost_ore, 0)
   or coalesce(told.allocated_ore, 0) <> coalesce(booked.allocated_ore, 0)
   or coalesce(told.result_ore, 0) <> coalesce(booked.income_ore - booked.cost_ore - booked.allocated_ore, 0)
   or (told.service is null and booked.service is not null)
