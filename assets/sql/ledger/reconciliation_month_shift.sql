-- MONTH_SHIFT: what a cell has in common with the opposite differences of the months beside it
with gap as (
    select
        cell, organisation_number, service, price_element, month, difference, synthetic,
        -- a run of months one after the other, each of opposite sign to the one before
        coalesce(
            lag(month) over in_time = month - interval 1 month
            and (lag(difference) over in_time > 0) <> (difference > 0), false
        ) as goes_on
    from differing
    where difference <> 0
    window in_time as (partition by organisation_number, service, price_element order by month)
),
numbered as (
    select
        *,
        count(*) filter (where not goes_on) over (
            partition by organisation_number, service, price_element order by month rows unbounded preceding
        ) as run
    from gap
),
run as (
    select
        list(cell order by month) as cells,
        list(abs(difference)::decimal(18,4) order by month) as sizes,
        bool_or(synthetic) as synthetic
    from numbered
    group by organisation_number, service, price_element, run
    having count(*) > 1
),
-- from the first month on, each pair of neighbours shares the smaller of what the one has left and the other has
paired as (
    select
        cells, synthetic,
        list_append(
            list_reduce(
                list_transform(range(1, len(sizes)), lambda nth: [sizes[nth], sizes[nth + 1]]),
                lambda shared, pair: list_append(shared, least(pair[1] - shared[-1], pair[2])::decimal(18,4)),
                [0::decimal(18,4)]
            ),
            0::decimal(18,4)
        ) as shared
    from run
),
shifted as (
    select
        unnest(cells) as cell,
        -- with the month before, and with the month after
        unnest(list_transform(range(1, len(shared)), lambda nth: (shared[nth] + shared[nth + 1])::decimal(18,4))) as size,
        synthetic
    from paired
)
select cell, case when difference > 0 then size else -size end as quantity, shifted.synthetic
from shifted
join differing using (cell)
where size > 0
