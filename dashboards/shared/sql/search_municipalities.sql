-- Every municipality, now and before. A code that has had several names is told by the last one.
-- One row per code, those in force first, then by name.
select
    code,
    arg_max(name, coalesce(valid_from, date '0001-01-01')) as name,
    bool_or(valid_to is null) as in_force
from reference.municipality
group by code
order by in_force desc, name collate no, code;
