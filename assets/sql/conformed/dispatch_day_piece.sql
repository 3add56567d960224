-- what is left of any part of a month: rows of equal keys are added up
select
    day,
    organisation_number,
    service,
    channel,
    outcome,
    count(*) as dispatches,
    coalesce(sum(document_count), 0) as documents,
    coalesce(sum(page_count), 0) as pages,
    coalesce(sum(sheet_count), 0) as sheets,
    coalesce(sum(byte_count), 0) as bytes,
    coalesce(sum(production_cost_ore), 0) as production_cost_ore,
    coalesce(sum(postage_ore), 0) as postage_ore,
    bool_or(synthetic) as synthetic
from conformed_dispatch
-- what tells of persons is counted by municipality and month only, in measure_month
where service not in ({{sensitive}})
group by all
