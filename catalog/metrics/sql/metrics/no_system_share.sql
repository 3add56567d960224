select
    round(sum(dispatches) filter (where mapping <> 'MAPPED') / nullif(sum(dispatches), 0), 6)::decimal(
        18, 6
    ) as share,
    (sum(dispatches) filter (where mapping = 'UNMAPPED'))::bigint as unmapped,
    (sum(dispatches) filter (where mapping = 'NOT_STATED'))::bigint as not_stated,
    sum(dispatches)::bigint as dispatches,
    count(dispatches_hidden) as hidden_rows,
    coalesce(bool_or(synthetic), false) as synthetic
from usage.connection_month
where
    month <= (select through_month from meta.release)
    and month > (select through_month - interval 12 months from meta.release);
