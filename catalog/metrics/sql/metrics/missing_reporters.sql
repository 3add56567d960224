select
    stream,
    day,
    count(*) filter (where expected and status <> 'NOT_YET_DUE') as due,
    count(*) filter (where status = 'LATE') as late,
    count(*) filter (where status = 'MISSING') as missing,
    bool_or(synthetic) as synthetic
from quality.expected_reporter
group by all;
