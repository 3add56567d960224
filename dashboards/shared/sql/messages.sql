-- Operational messages about a service that were put up within a window, the longest first. One that overlaps an earlier
-- one is told by it.
select
    month,
    application,
    service,
    shown_from,
    shown_to,
    coalesce(shown_to, reported_at) as known_to,
    kind,
    cause,
    hours_shown,
    synthetic
from usage.operational_message
where service = $service and month between $first and $last and not overlapping
order by hours_shown desc, shown_from;
