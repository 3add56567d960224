-- Municipalities of whom the newest delivery is missing that was due about the 90 days up to the end of the month; use
-- in a month is use in those days. Only streams that tell of the service. A part of other questions.
-- One row per municipality: from the first day of the gap to the last day that a delivery was expected on.
with told_by as (
    select 'dispatch' as stream from usage.dispatch_month where service = $service
    union
    select case measure when 'forsendelser' then 'dispatch' else 'measurement' end as stream
    from usage.measure_month
    where service = $service and measure <> 'henvendelser'
),

asked_of as (
    select
        organisation_number, stream, day, any_value(covers) as covers, bool_or(status = 'MISSING') as missing,
        bool_or(synthetic) as synthetic
    from quality.expected_reporter
    where expected and status <> 'NOT_YET_DUE' and day <= last_day($month) and stream in (select stream from told_by)
    group by organisation_number, stream, day
),

due as (
    select
        organisation_number, stream, day, covers, synthetic,
        max(day) filter (where not missing) over (partition by organisation_number, stream) as last_came
    from asked_of
)

select
    organisation.municipality_code as code,
    -- where a week or month was expected, nothing came about any of its days
    min(case due.covers
        when 'WEEK' then cast(date_trunc('week', due.day) as date)
        when 'MONTH' then cast(date_trunc('month', due.day) as date)
        else due.day
    end) as missing_from,
    max(due.day) as missing_to,
    bool_or(due.synthetic) as synthetic
from due
inner join reference.organisation as organisation
    on organisation.organisation_number = due.organisation_number
    and organisation.kind = 'MUNICIPALITY' and organisation.valid_to is null and organisation.municipality_code is not null
where due.day > coalesce(due.last_came, date '0001-01-01')
group by organisation.municipality_code
having max(due.day) > last_day($month) - 90
