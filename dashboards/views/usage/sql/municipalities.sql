-- Municipalities to choose among: those of now, or those that were in force in some month of the window.
-- One row per code, by code.
select
    code,
    arg_max(name, coalesce(valid_from, date '0001-01-01')) as name,
    -- a code that is in force has no end, which `max` would pass over
    case when bool_or(valid_to is null) then null else max(valid_to) end as valid_to
from reference.municipality
where ($borders = 'now' and valid_to is null)
    or (
        $borders = 'then'
        and (valid_from is null or valid_from <= $last) and (valid_to is null or valid_to > $first)
    )
group by code
order by code;
