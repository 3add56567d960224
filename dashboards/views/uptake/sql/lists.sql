-- The months that each source observed a service in, where sources are lists and not events as they happen. Asked where
-- the release has it. One row per source.
select source, observed_from, observed_to
from reference.adoption_source
where service = $service
order by observed_from, source;
