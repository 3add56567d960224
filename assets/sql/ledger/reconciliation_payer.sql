-- who pays for a cell, by its lines and by its basis; of several the one who pays for most
with paid as (
    select cell, paid_by as payer_number, true as billed, sum(abs(quantity)) as quantity
    from line
    group by all
    union all
    select cell, payer_number, false, sum(abs(quantity))
    from basis_row
    where payer_number is not null
    group by all
),
most as (
    select cell, billed, payer_number
    from paid
    qualify row_number() over (partition by cell, billed order by quantity desc, payer_number) = 1
)
select
    cell,
    max(payer_number) filter (where billed) as billed_payer,
    max(payer_number) filter (where not billed) as basis_payer
from most
group by all
