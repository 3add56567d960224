-- Producers that lack deliveries which were expected about the month. One row per producer, the one that lacks most first.
select
    producer,
    count(distinct organisation_number) as organisations,
    count(*) as deliveries,
    bool_or(synthetic) as synthetic
from quality.expected_reporter
where expected and status = 'MISSING' and day between $through and last_day($through)
group by producer
order by organisations desc, deliveries desc, producer;
