-- Where the loans stood at the end of the month, from their entries; asked where the release does not follow loans by
-- month. A project has no name there, nor a grant or a payoff. One row per service, and one of what has none yet.
with booked as (
    select
        service,
        period,
        category,
        -- releases made before a loan summed to what is owed have repayments without a minus
        abs(amount_ore) as amount_ore,
        case category when 'DRAWDOWN' then amount_ore else -abs(amount_ore) end as owed_ore,
        synthetic
    from ledger.entry
    where source_stream = 'loan_entry' and account = 'LOAN' and category in ('DRAWDOWN', 'REPAYMENT', 'WRITE_OFF')
        and period <= $through
        and ($service is null or service = $service)
)

select
    cast(null as varchar) as project,
    booked.service,
    coalesce(product.name_nb, booked.service) as name,
    cast(null as bigint) as granted_ore,
    cast(coalesce(sum(booked.amount_ore) filter (where booked.category = 'DRAWDOWN'), 0) as bigint) as drawn_ore,
    cast(coalesce(sum(booked.amount_ore) filter (where booked.category = 'REPAYMENT'), 0) as bigint) as repaid_ore,
    cast(sum(booked.owed_ore) as bigint) as balance_ore,
    cast(sum(booked.owed_ore) filter (where booked.period <= $through - interval 1 year) as bigint)
    as balance_before_ore,
    false as overdrawn,
    cast(null as date) as payoff_month_low,
    cast(null as date) as payoff_month_expected,
    cast(null as date) as payoff_month_high,
    cast(null as varchar) as payoff_basis,
    cast(null as varchar) as payoff_reason,
    bool_or(booked.synthetic) as synthetic
from booked
left join reference.product as product on product.service = booked.service
group by booked.service, product.name_nb
order by balance_ore desc, booked.service;
