-- What each service cost in the window.
--
-- Grain: one row per (service, category, source, account, varies_with). Unit: øre without VAT. Each category sums to
-- `ledger.product_month`.
--
-- one row per service, category, account and what the cost varies with, of the window's months
-- the sum of each category is the product ledger's: what placed costs do not explain of it is a row of its own
with cost_month as (
    select service, month, category, amount_ore, synthetic
    from (
        select
            service, month, synthetic,
            cost_brukerstotte_ore as "BRUKERSTOTTE",
            cost_drift_ore as "DRIFT",
            cost_forvaltning_ore as "FORVALTNING",
            cost_administrasjon_ore as "ADMINISTRASJON",
            allocated_ore as "FORDELT"
        from product_month
    )
    unpivot (amount_ore for category in ("BRUKERSTOTTE", "DRIFT", "FORVALTNING", "ADMINISTRASJON", "FORDELT"))
    where month <= $last
),
-- a service younger than the window has fewer months of cost
age as (
    select service, least(12, datediff('month', min(month), $last) + 1)::integer as months
    from cost_month
    where amount_ore <> 0
    group by service
),
told as (
    select service, category, sum(amount_ore) as amount_ore, bool_or(synthetic) as synthetic
    from cost_month
    where month >= $first and amount_ore <> 0
    group by all
),
placed as (
    select
        service,
        -- as the product ledger has it: operation, until somebody says otherwise
        case when cost_category is null or cost_category = 'UTVIKLING' then 'DRIFT' else cost_category end as category,
        account,
        varies_with,
        sum(amount_ore) as amount_ore,
        bool_or(synthetic) as synthetic
    from placed_cost
    -- products of others carry no cost of ours, as in the product ledger
    where service not in ({{external}}) and period between $first and $last
      and not (coalesce(cost_category, '') = 'UTVIKLING' and project is not null)
    group by all
    having sum(amount_ore) <> 0
),
differing as (
    select
        told.service, told.category,
        told.amount_ore - coalesce(sum(placed.amount_ore), 0) as amount_ore,
        told.synthetic
    from told
    left join placed using (service, category)
    where told.category <> 'FORDELT'
    group by told.service, told.category, told.amount_ore, told.synthetic
    having told.amount_ore - coalesce(sum(placed.amount_ore), 0) <> 0
    union all
    -- of a category that the product ledger has nothing of in these months
    select placed.service, placed.category, -sum(placed.amount_ore), bool_or(placed.synthetic)
    from placed
    anti join told using (service, category)
    group by all
    having sum(placed.amount_ore) <> 0
),
line as (
    select service, category, 'ACCOUNT' as source, account, varies_with, amount_ore, synthetic from placed
    union all
    select service, category, 'ALLOCATED', null, null, amount_ore, synthetic from told where category = 'FORDELT'
    union all
    select service, category, 'LEDGER', null, null, amount_ore, synthetic from differing
)
select
    service, category, source, account, varies_with, amount_ore,
    $first as first_month,
    $last as last_month,
    coalesce(months, 12) as months,
    synthetic
from line
left join age using (service)
