select
    month,
    measure,
    reason,
    sum(difference) as difference,
    count(distinct municipality_code) as municipalities,
    any_value(compared_with) as compared_with,
    bool_or(synthetic) as synthetic
from quality.release_diff
group by all
order by month, measure, reason;
