-- counts that do not know of each other: what landed, what became a dispatch, what was set aside, what was taken back
with taken_back as (
    select count(*) as rows from withdrawn where created_at >= $month_from and created_at < $month_to
)
select
    '{{stream}}' as stream,
    (select count(*) from all_landed where created_at >= $month_from and created_at < $month_to) + (select rows from taken_back) as landed,
    (select count(*) from settled where states > 0 and not unstable and counted_in is null) as conformed,
    (select coalesce(sum(states - 1), 0) from settled where states > 0 and not unstable and counted_in is null) as superseded,
    (select count(*) from quarantined) as quarantined,
    (select count(*) from all_landed where created_at >= $month_from and created_at < $month_to and created_at > $as_of) as held,
    (select rows from taken_back) as withdrawn
