-- the record in force that an entry was booked from
select * from origin where producer = $producer and {{source_key}} = $source_key
