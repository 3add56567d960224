-- one row per dispatch: where its latest state lies, and what must outlive it
-- the order is one integer: state_at, then the state's rank, then when the row was received: a correction is a new batch
-- only the place of the winning row goes through the grouping, not the row: that halves the time
with seen as (
    select
        landed.*,
        status.outcome,
        status.rank,
        masked_fields is null and {{good}} as good
    from landed
    left join dispatch_status as status using (state)
    where created_at >= $month_from and created_at < $month_to
      and ($as_of is null or created_at <= $as_of)
),
judged as (
    select
        *,
        -- of good rows only: a bad one may have a moment that no integer of ours holds
        case when good then (epoch_us(state_at)::hugeint << 72) + (rank::hugeint << 64) + locator end as place,
        hash(created_at, service, organisation_number, account_id) as fixed
    from seen
)
select
    producer,
    dispatch_id,
    arg_max(locator, place) filter (where good) as locator,
    count(*) filter (where good) as states,
    count(*) filter (where not good) as bad,
    min(state_at) filter (where good and outcome = 'delivered') as first_delivered_at,
    min(received_at) filter (where good) as first_received_at,
    -- arg_max passes over nulls: the last known cost and sheets stay when a later state does not repeat them
    arg_max(sheet_count, place) filter (where good) as sheet_count,
    arg_max(production_cost_ore, place) filter (where good) as production_cost_ore,
    arg_max(postage_ore, place) filter (where good) as postage_ore,
    coalesce(min(fixed) filter (where good) <> max(fixed) filter (where good), false) as unstable,
    bool_or(synthetic) filter (where good) as synthetic,
    -- more rows than kinds of state: one was told twice
    coalesce(count(*) filter (where good) > bit_count(bit_or(1 << rank) filter (where good)), false) as told_twice
from judged
group by producer, dispatch_id
