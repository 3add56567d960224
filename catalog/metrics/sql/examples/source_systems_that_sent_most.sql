select
    supplier,
    system,
    mapping,
    sum(dispatches) as dispatches,
    sum(failed) as failed,
    sum(dispatches) filter (where failed is not null) as failed_of,
    round(sum(failed) / nullif(sum(dispatches) filter (where failed is not null), 0), 6)::decimal(
        18, 6
    ) as failed_share,
    count(distinct organisation_number) as organisations,
    count(dispatches_hidden) as hidden_cells,
    bool_or(synthetic) as synthetic
from usage.connection_month
where
    month <= (select through_month from meta.release)
    and month > (select through_month - interval 12 months from meta.release)
group by all
order by dispatches desc nulls last, system;
