-- Who should have delivered in the four weeks up to the day of the release, and has not, or came late. A day is missing
-- where something that was expected about it is, of any producer and stream. One row per organisation: most missing
-- days first. The one that is asked for stands here without gaps too.
with known as (
    select
        organisation_number,
        day,
        bool_or(expected and status <> 'NOT_YET_DUE') as due,
        bool_or(status = 'MISSING') as missing,
        bool_or(status = 'LATE') as late,
        max(late_days) as late_days,
        bool_or(synthetic) as synthetic
    from quality.expected_reporter
    where day > $through - 28 and day <= $through
        and ($stream is null or stream = $stream)
        and ($organisation is null or organisation_number = $organisation)
    group by organisation_number, day
)

select
    coalesce(any_value(sender.name), known.organisation_number) as organisation,
    known.organisation_number,
    count(*) filter (where due) as days_due,
    count(*) filter (where missing) as days_missing,
    count(*) filter (where late and not missing) as days_late,
    min(known.day) filter (where missing) as missing_since,
    max(known.late_days) filter (where missing) as late_days,
    bool_or(known.synthetic) as synthetic
from known
left join (
    select organisation_number, any_value(name) as name
    from reference.organisation
    group by organisation_number
) as sender on sender.organisation_number = known.organisation_number
group by known.organisation_number
having $organisation is not null or bool_or(missing or late)
order by days_missing desc, days_late desc, organisation, known.organisation_number;
