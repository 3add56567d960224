-- The status of each quarter, and what came after it was closed.
--
-- Grain: one row per quarter that an entry belongs to or is booked in, or that the register `period` names. Unit: øre
-- without VAT.
--
-- how each quarter stands: one row per quarter that an entry is of or booked in, or that was closed or reopened
-- a quarter's name is made for each pair of months, not for each of a million entries
with summed as (
    select
        original_period, period, account,
        count(*) as entries, sum(amount_ore) as amount_ore, bool_or(synthetic) as synthetic
    from entry
    group by all
),
touched as (
    select
        year(original_period) || '-Q' || quarter(original_period) as of_quarter,
        year(period) || '-Q' || quarter(period) as in_quarter,
        entries,
        case
            when account in ('INCOME', 'JOINING_FEE_EXCESS', 'INVOICED_AHEAD', 'INVOICED_BEFORE') then amount_ore
            when account in ('COST', 'ALLOCATED_COST') then -amount_ore
            else 0
        end as result_ore,
        synthetic
    from summed
),
later as (
    select of_quarter as quarter, sum(entries) as later_entries, sum(result_ore) as later_ore
    from touched
    where in_quarter <> of_quarter
    group by all
),
known as (
    select quarter, bool_or(synthetic) as synthetic
    from (
        select of_quarter as quarter, synthetic from touched
        union all
        select in_quarter, synthetic from touched
        union all
        select quarter, false from closed_quarter
    )
    group by all
),
-- a closing shuts every quarter before it that none before it shut; one that was opened again stands for itself
stands as (
    select known.quarter, closed_quarter.status, closed_quarter.closed_by, closed_quarter.changed_at, closed_quarter.release
    from known
    join closed_quarter
        on closed_quarter.quarter = known.quarter
        or (closed_quarter.quarter > known.quarter and closed_quarter.status = 'CLOSED')
    qualify row_number() over (
        partition by known.quarter order by closed_quarter.status = 'CLOSED' desc, closed_quarter.quarter
    ) = 1
)
select
    quarter,
    coalesce(stands.status, 'OPEN') as status,
    stands.closed_by,
    stands.changed_at,
    stands.release,
    coalesce(later.later_entries, 0) as later_entries,
    coalesce(later.later_ore, 0) as later_ore,
    synthetic
from known
left join stands using (quarter)
left join later using (quarter)
