-- the names of entries that are most like what somebody wrote
select source_stream || '/' || source_key as name
from (select distinct source_stream, source_key from entry)
order by least(levenshtein(source_key, $said), levenshtein(name, $said)), name
limit 5
