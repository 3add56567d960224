-- records of some months that are set aside and of which no version is in the ledger, each at its largest amount: one row
with missing as (
    select producer, source_key, max(abs(amount_ore::hugeint)) as amount_ore
    from set_aside
    where of_day >= $first and of_day < $after
      and not exists (
          from entry
          where entry.source_stream = set_aside.stream
            and entry.producer = set_aside.producer
            and entry.source_key = set_aside.source_key
      )
    group by all
)
select
    count(*) as records,
    coalesce(sum(amount_ore), 0)::varchar as ore,
    count(*) filter (where amount_ore is null) as without_amount
from missing
