-- Costs that are not placed, and why.
--
-- Grain: one row per cost entry and reason. Unit: øre without VAT.
--
-- one row per cost entry and reason why it is not placed: what an economist mends in the register cost_mapping or at the
-- producer. What stands outside the accounts of the products waits for no service and no key
with judged as (
    select
        *,
        service is null and not {{outside}} as shared,
        exists (
            select 1 from allocation
            where allocation.producer = placed_cost.producer and allocation.entry_id = placed_cost.entry_id
        ) as allocated
    from placed_cost
),
found as (
    select *, 'NO_CATEGORY' as reason from judged where cost_category is null
    union all
    select *, 'EXTERNAL_SERVICE' from judged where service in ({{external}})
    union all
    select *, 'NO_KEY' from judged where shared and allocation_key is null
    union all
    select *, 'UNKNOWN_KEY' from judged where shared and allocation_key not in ({{keys}})
    union all
    select *, 'NO_WEIGHTS' from judged where shared and allocation_key in ({{keys}}) and not allocated
)
select
    producer, entry_id, reason, period, account, cost_center, service, cost_category, allocation_key, amount_ore, synthetic
from found
