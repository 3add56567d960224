-- the rows in quarantine that somebody means by a key, or by stream/key or stream/producer/key
select *
from set_aside
where source_key = $said
   or stream || '/' || source_key = $said
   or stream || '/' || producer || '/' || source_key = $said
order by producer, source_key, batch_id, row_number
