-- When and by whom the rows set aside were sent. One row per month, stream, producer and rule, the newest month first.
select month, stream, producer, rule, rows
from quality.quarantine_summary
where $stream is null or stream = $stream
order by month desc nulls last, rows desc, stream, producer, rule;
