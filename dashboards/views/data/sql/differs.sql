-- How much differs from the release before. One row.
select
    count(distinct municipality_code) as municipalities,
    count(distinct (municipality_code, service, month, measure)) as figures,
    coalesce(bool_or(synthetic), false) as synthetic
from quality.release_diff;
