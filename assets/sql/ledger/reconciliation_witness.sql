-- what the lines and the basis of each cell that differs tell beside their sums
with of_basis as (
    select
        cell, count(*) as basis_rows, min(unit_price) as price_low, max(unit_price) as price_high
    from basis_row
    group by all
),
of_lines as (
    select cell, count(*) as lines, sum(quantity * unit_price) as value
    from line
    group by all
)
select
    cell,
    coalesce(lines, 0) as lines,
    coalesce(value, 0) as value,
    coalesce(basis_rows, 0) as basis_rows,
    price_low,
    price_high
from differing
left join of_basis using (cell)
left join of_lines using (cell)
