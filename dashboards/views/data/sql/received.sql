-- What came last of each stream, by producer. Batches that were taken back do not count. One row per stream and producer.
select
    stream,
    producer,
    count(*) as batches,
    sum(rows)::bigint as rows,
    max(received_at) as received_at,
    bool_or(synthetic) as synthetic
from quality.batch
where withdrawn_at is null
group by stream, producer
order by stream, producer;
