-- Count by month what was put up, and the hours in which at least one message stood.
--
-- Grain: one row per (month, service, kind, cause) with a message in it; other months are left out, not zero. Messages
-- that overlap, or follow without a break, are one episode, put up when the first of them was. Unit: hours with four
-- decimals; a message still up counts to when it was last reported. Messages about whole applications are
-- left out. Nulls: cause where none is known.
--
with message as (
    select
        service,
        kind,
        cause,
        shown_from,
        coalesce(shown_to, reported_at) as known_to,
        synthetic
    from operational_message
    where service is not null
),
begun as (
    select
        *,
        coalesce(
            shown_from > max(known_to) over (
                partition by service, kind, cause
                order by shown_from, known_to
                rows between unbounded preceding and 1 preceding
            ),
            true
        ) as begins
    from message
),
numbered as (
    select
        *,
        count(*) filter (where begins) over (
            partition by service, kind, cause
            order by shown_from, known_to
            rows between unbounded preceding and current row
        ) as episode
    from begun
),
episode as (
    select
        service,
        kind,
        cause,
        min(shown_from) as began,
        max(known_to) as ended,
        bool_or(synthetic) as synthetic
    from numbered
    group by service, kind, cause, episode
),
touched as (
    select
        *,
        unnest(
            generate_series(
                date_trunc('month', timezone('Europe/Oslo', began)),
                date_trunc('month', timezone('Europe/Oslo', ended)),
                interval 1 month
            )
        )::date as month
    from episode
),
part as (
    select
        *,
        greatest(began, timezone('Europe/Oslo', month::timestamp)) as part_from,
        least(ended, timezone('Europe/Oslo', (month + interval 1 month)::timestamp)) as part_to,
        month = cast(date_trunc('month', timezone('Europe/Oslo', began)) as date) as put_up
    from touched
)
select
    month,
    service,
    kind,
    cause,
    count(*) filter (where put_up) as episodes,
    round(sum(datediff('microsecond', part_from, part_to))::decimal(38,4) / 3600000000, 4) as hours_shown,
    bool_or(synthetic) as synthetic
from part
-- one that was taken down as the month began did not stand in it
where put_up or part_to > part_from
group by month, service, kind, cause
