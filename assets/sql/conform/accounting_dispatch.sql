-- counts that do not know of each other: what landed, what became a dispatch, what was set aside, what was taken back
-- `…_apart` are those among them that may tell of persons: of a sensitive service, or of one that is not known
with taken_back as (
    select count(*) as rows, count(*) filter (not coalesce(service in ({{told_openly}}), false)) as apart
    from withdrawn
    where created_at >= $month_from and created_at < $month_to
),
kept_back as (
    select count(*) as rows, count(*) filter (not coalesce(service in ({{told_openly}}), false)) as apart
    from all_landed
    where created_at >= $month_from and created_at < $month_to and created_at > $as_of
),
aside as (
    select count(*) as rows, count(*) filter (not coalesce((record ->> 'service') in ({{told_openly}}), false)) as apart
    from quarantined
)
select
    '{{stream}}' as stream,
    (select count(*) from all_landed where created_at >= $month_from and created_at < $month_to) + (select rows from taken_back) as landed,
    (select count(*) from settled where states > 0 and not unstable and counted_in is null) as conformed,
    (select coalesce(sum(states - 1), 0) from settled where states > 0 and not unstable and counted_in is null) as superseded,
    aside.rows as quarantined,
    kept_back.rows as held,
    taken_back.rows as withdrawn,
    aside.apart as quarantined_apart,
    kept_back.apart as held_apart,
    taken_back.apart as withdrawn_apart
from aside, kept_back, taken_back
