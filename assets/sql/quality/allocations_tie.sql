-- what a cost is split into sums to the cost, and is booked just so: a debit on each service, the credit on shared
with split as (
    select producer, entry_id as source_key, service, sum(amount_ore) as amount_ore from allocation group by all
),
booked as (
    select producer, source_key, service, account, sum(amount_ore) as amount_ore
    from entry
    where source_stream = 'cost_entry' and (account = 'ALLOCATED_COST' or (account = 'COST' and service is null))
    group by all
),
-- one row per cost that was split or has a pair
whole as (
    select
        producer, source_key,
        sum(amount_ore) filter (where what = 'SPLIT') as split_ore,
        sum(amount_ore) filter (where what = 'ALLOCATED_COST' and service is null) as credit_ore,
        sum(amount_ore) filter (where what = 'COST') as cost_ore
    from (
        select producer, source_key, service, 'SPLIT' as what, amount_ore from split
        union all
        select producer, source_key, service, account, amount_ore from booked
    )
    group by all
)
select producer, source_key, null as service, split_ore, cost_ore as booked_ore
from whole
where (split_ore is not null or credit_ore is not null)
  and (split_ore is distinct from cost_ore or split_ore is distinct from -credit_ore)
union all
select producer, source_key, service, split.amount_ore, debit.amount_ore
from split
full join (from booked where account = 'ALLOCATED_COST' and service is not null) as debit using (producer, source_key, service)
where split.amount_ore is distinct from debit.amount_ore
