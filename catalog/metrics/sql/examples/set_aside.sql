select stream, rule, sum(rows) as rows, any_value(says) as says
from quality.quarantine_summary
group by all
order by rows desc;
