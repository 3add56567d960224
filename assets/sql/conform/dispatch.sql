-- the latest state's row, taken whole
select
    landed.* exclude (channel, sheet_count, production_cost_ore, postage_ore, synthetic),
    coalesce(landed.channel, 'UNKNOWN') as channel,
    cast(timezone('Europe/Oslo', landed.created_at) as date) as day,
    status.outcome,
    dispatch_latest.sheet_count,
    dispatch_latest.production_cost_ore,
    dispatch_latest.postage_ore,
    dispatch_latest.first_delivered_at,
    dispatch_latest.first_received_at,
    dispatch_latest.states,
    dispatch_latest.synthetic
from landed
join dispatch_latest using (locator)
join dispatch_status as status using (state)
where not unstable and counted_in is null
  and landed.created_at >= $month_from and landed.created_at < $month_to
