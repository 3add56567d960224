-- three counts that do not know of each other: what landed, what was taken, what was set aside
select
    '{{stream}}' as stream,
    (select count(*) from landed where {{in_month}}) as landed,
    (select count(*) from versions where versions = 1) as conformed,
    (select coalesce(sum(rows - 1), 0) from versions where versions = 1) as superseded,
    (select count(*) from quarantined) as quarantined,
    (select count(*) from landed where {{in_month}} and not ({{not_held}})) as held,
    0 as withdrawn
