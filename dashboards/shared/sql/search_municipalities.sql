-- Every municipality, now and before, with its county then. A code that has had several names is told by the last one.
-- One row per code, those in force first, then by name. `until`: the first day on which it was no more.
select
    municipality.code,
    arg_max(municipality.name, coalesce(municipality.valid_from, date '0001-01-01')) as name,
    arg_max(county.name, coalesce(county.valid_from, date '0001-01-01')) as county,
    bool_or(municipality.valid_to is null) as in_force,
    max(municipality.valid_to) as until
from reference.municipality as municipality
left join reference.county as county on county.code = municipality.county_code
group by municipality.code
order by in_force desc, name collate no, code;
