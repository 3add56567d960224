-- Operational messages about a service, the latest first: when each stood, and what it was about.
select
    shown_from,
    shown_to,
    kind as message_kind,
    cause as message_cause,
    application,
    hours_shown,
    overlapping,
    producer,
    synthetic
from usage.operational_message
where service = $service and shown_from < $before
order by shown_from desc, application, producer;
