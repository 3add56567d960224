-- Deliveries that were expected about the month and lack; stream and organisation_number where all are of one. One row,
-- none where nothing lacks. Who should have sent them is not told: a producer is somebody's supplier.
select
    count(distinct organisation_number) as organisations,
    count(*) as deliveries,
    case when count(distinct stream) = 1 then min(stream) end as stream,
    case when count(distinct organisation_number) = 1 then min(organisation_number) end as organisation_number,
    bool_or(synthetic) as synthetic
from quality.expected_reporter
where expected and status = 'MISSING' and day between $through and last_day($through)
having count(*) > 0;
