-- one row per dispatch: the latest state's row taken whole, and what must outlive it
-- the order is one integer: state_at, then the state's rank, then the row's hash, so that equal content cannot differ
with good as (
    select
        landed.*,
        status.outcome,
        (epoch_us(state_at)::hugeint << 72) + (status.rank::hugeint << 64) + hash({{columns}})::hugeint as place,
        hash(created_at, service, organisation_number, account_id) as fixed
    from landed
    join dispatch_status as status using (state)
    where created_at >= $month_from and created_at < $month_to
      and ($as_of is null or created_at <= $as_of)
      and masked_fields is null
      and {{good}}
)
select
    producer,
    dispatch_id,
    arg_max(struct_pack({{taken_whole}}), place) as latest,
    count(*) as states,
    min(state_at) filter (where outcome = 'delivered') as first_delivered_at,
    -- arg_max passes over nulls: the last known cost and sheets stay when a later state does not repeat them
    arg_max(sheet_count, place) as sheet_count,
    arg_max(production_cost_ore, place) as production_cost_ore,
    arg_max(postage_ore, place) as postage_ore,
    min(fixed) <> max(fixed) as unstable,
    bool_or(synthetic) as synthetic
from good
group by producer, dispatch_id
