-- counts that do not know of each other: what landed, what was taken, what was set aside, what was taken back
with taken_back as (
    select count(*) as rows from withdrawn where {{in_month}}
)
select
    '{{stream}}' as stream,
    (select count(*) from landed where {{in_month}}) + (select rows from taken_back) as landed,
    (select count(*) from versions where versions = 1) as conformed,
    (select coalesce(sum(rows - 1), 0) from versions where versions = 1) as superseded,
    (select count(*) from quarantined) as quarantined,
    (select count(*) from landed where {{in_month}} and not ({{not_held}})) as held,
    (select rows from taken_back) as withdrawn
