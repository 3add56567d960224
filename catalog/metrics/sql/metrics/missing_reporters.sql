select
    stream,
    day,
    count(distinct organisation_number) filter (where expected and status <> 'NOT_YET_DUE') as due,
    count(distinct organisation_number) filter (where status = 'LATE') as late,
    count(distinct organisation_number) filter (where status = 'MISSING') as missing,
    bool_or(synthetic) as synthetic
from quality.expected_reporter
where day > cast(timezone('Europe/Oslo', (select as_of from meta.release)) as date) - 28
group by grouping sets ((stream, day), ());
