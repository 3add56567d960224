-- Producers that lack deliveries which were expected about the month; stream and organisation_number where all that lack
-- is of one. One row per producer, the one that lacks most first.
select
    producer,
    count(distinct organisation_number) as organisations,
    count(*) as deliveries,
    case when count(distinct stream) = 1 then min(stream) end as stream,
    case when count(distinct organisation_number) = 1 then min(organisation_number) end as organisation_number,
    bool_or(synthetic) as synthetic
from quality.expected_reporter
where expected and status = 'MISSING' and day between $through and last_day($through)
group by producer
order by organisations desc, deliveries desc, producer;
