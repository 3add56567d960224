-- one row per dispatch, whether a state of it was told twice or not; and where it is counted, if that is in another month
with found as (
    select * exclude (told_twice) from dispatch_found where not told_twice
    union all by name
    select
        dispatch_found.* exclude (told_twice) replace (
            dispatch_told_twice.locator as locator,
            dispatch_told_twice.sheet_count as sheet_count,
            dispatch_told_twice.production_cost_ore as production_cost_ore,
            dispatch_told_twice.postage_ore as postage_ore
        )
    from dispatch_found
    join dispatch_told_twice using (producer, dispatch_id)
)
select found.*, counted.month as counted_in, counted.batch_id as counted_batch
from found
left join counted using (producer, dispatch_id)
