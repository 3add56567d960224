-- Whom to call, and about what: the first is the one to call first. One service or all, of the municipalities asked for
-- or of all. One row per service and municipality. The slots hold columns for callers who may read them: about systems
-- and suppliers, whom to contact, and how the call went. Who may read the priority gets the order of the pages; others
-- get first those that have signed or activated, which is most of the first priority.
select
    service,
    municipality_code,
    municipality,
    county,
    network,
    {{of_connections}}
    step,
    active_month,
    months_waiting,
    inhabitants,
    nearest,
    nearest_municipality,
    nearest_reason,
    {{contact}}
    {{follow_up}}
    synthetic
from uptake.not_yet
where ($service is null or service = $service) and ($codes is null or list_contains($codes, municipality_code))
    and $language is not null -- a parameter has to be named, also where no slot does
order by
    {{order_of_connections}} step in ('ANNEX_SIGNED', 'CONFIGURED', 'ACTIVATED') desc,
    months_waiting desc nulls last, inhabitants desc nulls last, service, municipality_code;
