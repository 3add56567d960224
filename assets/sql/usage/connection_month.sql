-- The connections of a month with their counts in bands, from seven working days after the month.
--
-- Grain: as `connection_exact_month`; and a row NOT_STATED of each sender and service that has others, of 0-9 where it
-- has fewer than ten dispatches or none. No count beside an exact total can be kept apart by noise, so none is exact;
-- day by day, what came alone would be the total's change.
--
-- what others than the sender read: counts in bands, which leave open what the exact sums of `dispatch_month` would close
-- beside other rows each sender has one of what states no system, 0-9 where that is fewer than ten or none: of a sum of two,
-- two rows that are there would be one each. For the same reason a row is told to have none failed only where none of the
-- sender's has
with whole as (
    select
        * exclude (month),
        sum(failed) over sender as all_failed,
        count(*) filter (where mapping <> 'NOT_STATED') over sender > 0 as has_others
    from connection
    where not $provisional
    window sender as (partition by organisation_number, service)
),
told as (
    select * exclude (has_others), {{dispatches}} as band
    from whole
    where mapping <> 'NOT_STATED' or dispatches >= 10 or not has_others
    union all by name
    select
        organisation_number, service, 'NOT_STATED' as mapping, 0 as failed, all_failed, '0-9' as band,
        max(last_seen) as last_seen, bool_or(synthetic) as synthetic
    from whole
    group by organisation_number, service, all_failed
    having bool_or(has_others) and coalesce(max(dispatches) filter (where mapping = 'NOT_STATED'), 0) < 10
)
select
    * exclude (all_failed, band, dispatches) replace (
        case when all_failed = 0 then '0' when failed < 10 then '0-9' else {{failed}} end as failed,
        cast(date_trunc('month', last_seen) as date) as last_seen
    ),
    band as dispatches
from told
