-- at most one in twenty of the rows that landed of a stream and month is in quarantine, where a hundred or more landed
select stream, month, landed, quarantined
from accounting
where landed >= 100 and quarantined * 20 > landed
