-- How a dataset differs between two releases: its rows, how many of them only one of the two has, and the sum of each
-- amount, count and quantity. Rows are compared in the parts that differ; the sums are of all parts. One row.
with of_before as (
    select {{before}} from dataset_before where {{told}}
),
of_after as (
    select {{after}} from dataset_after where {{told}}
),
of_both as (
    select {{columns}}, 1 as balance from parts_before where {{told}}
    union all
    select {{columns}}, -1 from parts_after where {{told}}
),
of_each_row as (
    select sum(balance) as surplus
    from of_both
    group by {{columns}}
),
of_rows as (
    select
        coalesce(sum(surplus) filter (where surplus > 0), 0)::bigint as removed,
        coalesce(-sum(surplus) filter (where surplus < 0), 0)::bigint as added
    from of_each_row
)
select *
from of_rows
cross join of_before
cross join of_after
