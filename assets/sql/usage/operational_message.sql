-- Each message on operation that users were shown, as last reported.
--
-- Grain: one row per (producer, application, service, shown_from). Unit: hours with four decimals; a message still up
-- counts to when it was last reported. Nulls: service where the message was about a whole application; shown_to while
-- it stands; cause where none is known.
--
with message as (
    select *, coalesce(shown_to, reported_at) as known_to from conformed_message
)
select
    producer,
    application,
    service,
    shown_from,
    shown_to,
    kind,
    cause,
    reported_at,
    cast(date_trunc('month', timezone('Europe/Oslo', shown_from)) as date) as month,
    round(datediff('microsecond', shown_from, known_to)::decimal(38,4) / 3600000000, 4) as hours_shown,
    coalesce(
        shown_from < max(known_to) over (
            -- messages about whole applications are about different ones
            partition by coalesce(service, application), service is null, kind, cause
            order by shown_from, producer, application
            rows between unbounded preceding and 1 preceding
        ),
        false
    ) as overlapping,
    synthetic
from message
