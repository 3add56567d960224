-- the dispatches of a month that persons are told of, and until when what came of each counts
-- a row counts if it came before the last publication, and was not taken back by then. Where nobody had told of a service
-- by then, as when history is loaded, that is a day after the first row, and nothing counts before
with touching as materialized (
    select row_of_month.producer, row_of_month.dispatch_id, sent_as.service as scope, row_of_month.received_at
    from row_of_month
    left join sent_as on sent_as.written = row_of_month.service
    where created_at >= $month_from and created_at < $month_to
      and (sent_as.service is not null or source_system in (select written from system_name where sensitive))
),
until as (
    select scope, if(min(received_at) >= $published_at, min(received_at) + interval 1 day, $published_at) as cut_off
    from touching
    group by scope
    having $known_at is null or cut_off <= $known_at
)
select producer, dispatch_id, min(cut_off) as cut_off
from touching
join until on until.scope is not distinct from touching.scope
group by all
