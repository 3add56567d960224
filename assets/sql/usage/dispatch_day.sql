-- Count dispatches by sender, service, channel, outcome and day in Oslo.
--
-- Grain: one row per (day, organisation_number, service, channel, outcome). Days without dispatches are left out, not
-- zero. A dispatch counts on the day it was created, by its latest state. Dispatches of sensitive services are left
-- out: they are in `measure_month`, by municipality and month.
select
    day,
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
from dispatch
group by all
