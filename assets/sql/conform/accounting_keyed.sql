-- counts that do not know of each other: what landed, what was taken, what was set aside, what was taken back
with taken_back as (
    select count(*) as rows from withdrawn where {{in_month}}
)
select
    '{{stream}}' as stream,
    (select count(*) from all_landed where {{in_month}}) + (select rows from taken_back) as landed,
    settled.conformed,
    settled.superseded,
    (select count(*) from quarantined) as quarantined,
    (select count(*) from all_landed where {{in_month}} and not ({{not_held}})) as held,
    (select rows from taken_back) as withdrawn
from settled
