-- How each municipality stood with each service in the last month up to $month in which anybody observed it, and that month.
-- Where nobody had observed it by then, month and standing are null. A part of other questions; one row per service and code.
select standing.* exclude (first_month, last_month), latest.month
from uptake.standing as standing
left join (
    select service, max(least(last_month, $month)) as month
    from uptake.standing
    where first_month <= $month and active_basis is not null
    group by service
) as latest on latest.service = standing.service
where coalesce(latest.month, $month) between standing.first_month and standing.last_month
