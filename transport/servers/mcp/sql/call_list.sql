-- Whom to call, and about what: the first is the one to call first, in the order of the pages. One service or all, of
-- the municipalities asked for or of all. One row per service and municipality. The slots hold columns for callers who
-- may read them: about systems and suppliers, whom to contact, and how the call went.
select
    service,
    municipality_code,
    municipality,
    county,
    network,
    priority,
    {{of_connections}}
    step,
    active_month,
    months_waiting,
    inhabitants,
    nearest,
    nearest_municipality,
    nearest_reason,
    {{contact}}
    case when $language = 'en' then change_since_last_week_en else change_since_last_week end as change_since_last_week,
    {{follow_up}}
    synthetic
from uptake.not_yet
where ($service is null or service = $service) and ($codes is null or list_contains($codes, municipality_code))
order by priority, months_waiting desc nulls last, inhabitants desc nulls last, service, municipality_code;
