-- The data received for each day, and when.
--
-- Grain: one row per (producer, organisation_number, stream, service, day) with at least one row in force. A reported
-- zero counts as received. Support requests (`henvendelser`) are left out: their absence says nothing of a sender.
-- Sensitive services are left out: receipt by organisation and day is finer than what may be shown of them.
--
-- what came about each day: one row per sender, stream, service and day; a reported zero came like any other number
-- sensitive services are told of by municipality and month only, so no row here says that something of them came
-- support requests and hours are counted by others, when there are any: that none came tells of no sender
select
    producer, organisation_number, 'dispatch' as stream, service, day,
    sum(rows) as rows,
    min(first_received_at) as first_received_at,
    max(last_received_at) as last_received_at,
    bool_or(synthetic) as synthetic
from dispatch
group by producer, organisation_number, service, day
union all
select
    producer, organisation_number, 'measurement' as stream, service, day,
    count(*) as rows,
    min(first_received_at) as first_received_at,
    max(first_received_at) as last_received_at,
    bool_or(synthetic) as synthetic
from measurement
where measure in ({{about_customers}}) and service not in ({{sensitive}})
group by producer, organisation_number, service, day
