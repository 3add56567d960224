-- the entries that somebody means by a key, or by stream/key or stream/producer/key
select *
from entry
where source_key = $said
   or source_stream || '/' || source_key = $said
   or source_stream || '/' || producer || '/' || source_key = $said
order by source_stream, producer, source_key, account, service nulls first
