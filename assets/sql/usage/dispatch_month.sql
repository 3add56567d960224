-- Sum the days of a month.
--
-- Grain: one row per (month, organisation_number, service, channel, outcome).
select
    month,
    organisation_number,
    service,
    channel,
    outcome,
    sum(dispatches) as dispatches,
    sum(documents) as documents,
    sum(pages) as pages,
    sum(sheets) as sheets,
    sum(bytes) as bytes,
    sum(production_cost_ore) as production_cost_ore,
    sum(postage_ore) as postage_ore,
    bool_or(synthetic) as synthetic
from dispatch_day
group by all
