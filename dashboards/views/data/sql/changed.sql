-- Why use differs from the release before, by what is counted. One row per measure and reason, the largest first.
select
    measure,
    reason,
    count(distinct municipality_code) as municipalities,
    count(distinct month) as months,
    sum(difference) as difference,
    any_value(compared_with) as compared_with,
    bool_or(synthetic) as synthetic
from quality.release_diff
where $service is null or service = $service
group by measure, reason
order by measure, abs(sum(difference)) desc, reason;
