-- by account, also where none is to be told: that depends on all of a month
with dated as (
    select *, greatest(first_received_at, first_delivered_at) as known_at from conformed_dispatch
)
select
    organisation_number,
    account_id,
    service,
    channel,
    outcome,
    -- days are told apart only after the month: most is known within it, and telling what day it is in Oslo takes long
    case
        when first_delivered_at < $month_to then $month
        else cast(date_trunc('month', timezone('Europe/Oslo', first_delivered_at)) as date)
    end as delivered_month,
    case when first_received_at >= $month_to then cast(timezone('Europe/Oslo', first_received_at) as date) end as received_on,
    case when known_at >= $month_to then cast(timezone('Europe/Oslo', known_at) as date) end as known_on,
    count(*) as dispatches,
    bool_or(synthetic) as synthetic
from dated
group by all
