-- of dispatches of which a state was told twice: the latest row, where a repeat is as old as the first of its content
with told as (
    select
        dispatch_doubtful.*,
        (epoch_us(state_at)::hugeint << 72) + (status.rank::hugeint << 64)
            + min(locator) over (partition by dispatch_doubtful.producer, dispatch_doubtful.dispatch_id, state_at, state, hash({{columns}})) as place
    from dispatch_doubtful
    semi join (select producer, dispatch_id from dispatch_found where told_twice) as twice using (producer, dispatch_id)
    join dispatch_status as status using (state)
    where masked_fields is null and {{good}}
)
select
    producer,
    dispatch_id,
    arg_max(locator, place) as locator,
    arg_max(sheet_count, place) as sheet_count,
    arg_max(production_cost_ore, place) as production_cost_ore,
    arg_max(postage_ore, place) as postage_ore
from told
group by producer, dispatch_id
