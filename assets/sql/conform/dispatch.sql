select
    producer,
    dispatch_id,
    latest.* exclude (channel),
    coalesce(latest.channel, 'UNKNOWN') as channel,
    cast(timezone('Europe/Oslo', latest.created_at) as date) as day,
    sheet_count,
    production_cost_ore,
    postage_ore,
    first_delivered_at,
    states,
    synthetic
from dispatch_latest
where not unstable
