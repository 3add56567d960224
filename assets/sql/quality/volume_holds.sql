-- a month of a stream, the last one apart, has at least half of the rows that the twelve months before have in the middle
select stream, month, landed, usual
from (
    select
        stream, month, landed,
        median(landed) over before as usual,
        count(*) over before as months,
        max(month) over (partition by stream) as last_month
    from accounting
    where month is not null
    window before as (partition by stream order by month rows between 12 preceding and 1 preceding)
)
where months >= 3 and month < last_month and landed * 2 < usual
