-- The month's account of each product: income − cost − allocated = result. Income is that of the months that it is for;
-- invoiced − invoiced ahead + invoiced before = income.
--
-- Grain: one row per (service, month) with an entry or a budget up to the month of `as_of`. Unit: øre without VAT.
--
-- one row per service and month with income, cost or a budget: income − cost − allocated = result
-- self_cost_percent is financial coverage, income / cost of the month (docs/self-cost.md)
with month_account as (
    select
        service,
        period as month,
        coalesce(sum(amount_ore) filter (where account in ({{earned}})), 0) as income_ore,
        coalesce(sum(amount_ore) filter (where account in ({{invoiced}})), 0) as invoiced_ore,
        -coalesce(sum(amount_ore) filter (where account = {{ahead}}), 0) as invoiced_ahead_ore,
        coalesce(sum(amount_ore) filter (where account = {{before}}), 0) as invoiced_before_ore,
        coalesce(sum(amount_ore) filter (where account = 'COST' and category = 'BRUKERSTOTTE'), 0) as cost_brukerstotte_ore,
        -- a cost without a category, or development outside a project, is operation until somebody says otherwise
        coalesce(sum(amount_ore) filter (where account = 'COST' and (category = 'DRIFT' or category = 'UTVIKLING' or category is null)), 0) as cost_drift_ore,
        coalesce(sum(amount_ore) filter (where account = 'COST' and category = 'FORVALTNING'), 0) as cost_forvaltning_ore,
        coalesce(sum(amount_ore) filter (where account = 'COST' and category = 'ADMINISTRASJON'), 0) as cost_administrasjon_ore,
        coalesce(sum(amount_ore) filter (where account = 'ALLOCATED_COST'), 0) as allocated_ore,
        bool_or(synthetic) as synthetic
    from entry
    where service is not null and account in ({{earned}}, 'COST', 'ALLOCATED_COST')
    group by all
),
planned as (
    select
        service, month,
        -- development too, as the result has it: what a project may spend is its grant, and in no product's budget
        sum(case when category = 'INCOME' then amount_ore else -amount_ore end) as budget_ore,
        coalesce(sum(amount_ore) filter (where category = 'INCOME'), 0) as budget_income_ore,
        bool_or(coalesce(synthetic, false)) as synthetic
    from budget
    -- products of others have no budget of ours
    where month <= $through and service not in ({{external}})
    group by all
),
account as (
    select
        service, month,
        coalesce(income_ore, 0) as income_ore,
        coalesce(invoiced_ore, 0) as invoiced_ore,
        coalesce(invoiced_ahead_ore, 0) as invoiced_ahead_ore,
        coalesce(invoiced_before_ore, 0) as invoiced_before_ore,
        coalesce(cost_brukerstotte_ore, 0) as cost_brukerstotte_ore,
        coalesce(cost_drift_ore, 0) as cost_drift_ore,
        coalesce(cost_forvaltning_ore, 0) as cost_forvaltning_ore,
        coalesce(cost_administrasjon_ore, 0) as cost_administrasjon_ore,
        coalesce(allocated_ore, 0) as allocated_ore,
        planned.budget_ore,
        planned.budget_income_ore,
        coalesce(month_account.synthetic, false) or coalesce(planned.synthetic, false) as synthetic
    from month_account
    full join planned using (service, month)
),
summed as (
    select
        *,
        cost_brukerstotte_ore + cost_drift_ore + cost_forvaltning_ore + cost_administrasjon_ore + allocated_ore as cost_base_ore,
        income_ore - cost_brukerstotte_ore - cost_drift_ore - cost_forvaltning_ore - cost_administrasjon_ore - allocated_ore as result_ore
    from account
)
select
    service, month, income_ore, invoiced_ore, invoiced_ahead_ore, invoiced_before_ore,
    cost_brukerstotte_ore, cost_drift_ore, cost_forvaltning_ore, cost_administrasjon_ore, allocated_ore, result_ore, budget_ore, budget_income_ore,
    case when cost_base_ore > 0 then round(income_ore::decimal(30,0) * 100 / cost_base_ore::decimal(30,0), 2) end as self_cost_percent,
    sum(result_ore) over (partition by service order by month rows unbounded preceding) as balance_carried_ore,
    synthetic
from summed
