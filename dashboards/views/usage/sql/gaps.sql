-- Deliveries that were expected and have not come, of the streams that tell of a service: those of a municipality, or
-- with `$code` empty of any. Days older than 92 before the release are not known any more.
-- One row per month in which something is missing.
with told_by as (
    select 'dispatch' as stream from usage.municipality_month where service = $service
    union
    select case measure when 'forsendelser' then 'dispatch' else 'measurement' end as stream
    from usage.measure_total_month
    where service = $service and measure not in ('henvendelser', 'timer')
)

select
    cast(date_trunc('month', due.day) as date) as month,
    min(due.day) as missing_from,
    max(due.day) as missing_to,
    count(distinct due.day) as days,
    count(distinct place.municipality_code) as municipalities,
    bool_or(due.synthetic) as synthetic
from quality.expected_reporter as due
inner join reference.municipality_of as place
    on place.organisation_number = due.organisation_number
    and place.valid_from <= due.day and (place.valid_to is null or due.day < place.valid_to)
where due.expected and due.status = 'MISSING' and due.stream in (select stream from told_by)
    and $code in ('', place.municipality_code)
    and due.day between $first and last_day($last)
group by cast(date_trunc('month', due.day) as date)
order by month;
