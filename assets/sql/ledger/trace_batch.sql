-- the entries of the records that a batch speaks of
select entry.*
from entry
join (select distinct producer, {{source_key}} as source_key from landed_rows) as sent using (producer, source_key)
where source_stream = $stream
order by abs(amount_ore) desc, source_key, account, service nulls first
