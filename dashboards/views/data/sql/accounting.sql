-- What became of each row that landed, of all months and one or all streams. One row per stream.
select
    stream,
    sum(landed)::bigint as landed,
    sum(conformed)::bigint as conformed,
    sum(superseded)::bigint as superseded,
    sum(quarantined)::bigint as quarantined,
    sum(held)::bigint as held,
    sum(withdrawn)::bigint as withdrawn
from quality.accounting
where $stream is null or stream = $stream
group by stream
order by stream;
