-- What one organisation was expected to deliver about the last 90 days, and what came. A gap is a gap, never a zero. One
-- row per stream.
select
    stream,
    count(*) filter (where expected and status <> 'NOT_YET_DUE') as due,
    count(*) filter (where expected and received) as received,
    count(*) filter (where status = 'LATE') as late,
    count(*) filter (where status = 'MISSING') as missing,
    min(day) filter (where status = 'MISSING') as missing_from,
    max(day) filter (where status = 'MISSING') as missing_to,
    bool_or(synthetic) as synthetic
from quality.expected_reporter
where organisation_number = $organisation and day > cast($until - interval 90 days as date) and day <= $until
group by stream
order by stream;
