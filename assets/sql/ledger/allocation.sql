-- The split of each shared cost over the services, by largest remainder.
--
-- Grain: one row per shared cost entry with a key and service with a weight by that key in the entry's month. Unit:
-- øre without VAT, with the entry's sign. Entries without any weight have no row.
--
-- one row per shared cost entry that has a key and service that has a weight by it in the month: how the cost is split
-- by largest remainder
with shared as (
    select
        producer, entry_id, period, allocation_key as key, amount_ore, synthetic,
        row_number() over () as entry -- only tells entries apart
    from placed_cost
    where service is null and allocation_key is not null and not {{outside}}
),
asked as (
    select distinct period, key from shared
),
-- the income as the ledger tells it: of lines one by one, in the months that they are for, and of sums of payers
earned as (
    select period, service, sum(amount_ore) as amount_ore, bool_or(synthetic) as synthetic
    from (
        select period, service, amount_ore, synthetic from billed where account = 'INCOME'
        union all
        select period, service, amount_ore, synthetic from accrual
        union all
        select period, service, amount_ore, synthetic from payer_sum
    )
    where period in (select period from asked where key in ({{income}}, {{equal}}))
    group by all
),
-- weights are whole numbers of ten-thousandths, so that nothing is rounded before the split
weight as (
    select
        month as period, upper(measure) as key, service,
        cast(cast(quantity as decimal(23,4)) * 10000 as hugeint) as weight,
        synthetic
    from measure_total
    where quantity > 0 and month in (select period from asked)
    union all
    select month, {{dispatched}}, service, 10000::hugeint * sum(dispatches), bool_or(synthetic)
    from dispatch_month
    where month in (select period from asked where key = {{dispatched}})
    group by all
    union all
    select month, {{active}}, service, 10000::hugeint * count(distinct municipality_code), bool_or(synthetic)
    from status_month
    where active and municipality_code is not null and month in (select period from asked where key = {{active}})
    group by all
    union all
    select period, {{income}}, service, 10000::hugeint * amount_ore, synthetic from earned
    union all
    select period, {{equal}}, service, 10000::hugeint, bool_or(synthetic)
    from (
        select period, service, synthetic from earned
        union all
        select period, service, synthetic from placed_cost where service is not null and not {{outside}}
    )
    group by period, service
),
summed as (
    select
        period, key, service,
        sum(weight) as weight,
        sum(sum(weight)) over (partition by period, key) as total_weight,
        bool_or(bool_or(synthetic)) over (partition by period, key) as synthetic
    from weight
    semi join asked using (period, key)
    where weight > 0 and service not in ({{external}})
    group by period, key, service
),
weighed as (
    select
        *,
        cast(weight as decimal(30,0)) * 0.0001 as weight_shown,
        cast(total_weight as decimal(30,0)) * 0.0001 as total_shown,
        -- rounded half up, in whole millionths
        cast((2000000 * weight + total_weight) // (2 * total_weight) as decimal(7,0)) * 0.000001 as share
    from summed
),
-- an amount is at most 10^13 øre, a sum of income under 10^19 øre and of a measure under 10^14: an amount times a weight
-- in ten-thousandths is under 10^13 × 10^19 × 10^4 = 10^36, which hugeint (1.7 × 10^38) holds
cut as (
    select
        shared.*, weighed.service, weighed.weight_shown, weighed.total_shown, weighed.share,
        abs(amount_ore)::hugeint * weight // total_weight as part,
        abs(amount_ore)::hugeint * weight % total_weight as remainder,
        shared.synthetic or weighed.synthetic as either_synthetic
    from shared
    join weighed using (period, key)
)
select
    entry_id, producer, period, service, key,
    weight_shown as weight,
    total_shown as total_weight,
    share,
    sign(amount_ore) * (
        part
        + case
            when row_number() over (partition by entry order by remainder desc, service)
                <= abs(amount_ore) - sum(part) over (partition by entry)
            then 1 else 0
          end
    ) as amount_ore,
    either_synthetic as synthetic
from cut
