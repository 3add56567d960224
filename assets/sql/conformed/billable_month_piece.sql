-- by account, also where none is to be told: that depends on all of a month. Days are told apart by price only in a month
-- in which one of the service changes
with dated as (
    select *, greatest(first_received_at, first_delivered_at) as known_at from conformed_dispatch
),
changing as (
    select list(distinct service) filter (where counted_on = 'DELIVERED') as on_delivery from price_days
),
priced as (
    select
        dated.*,
        -- telling what day it is in Oslo takes long
        case
            when list_contains(on_delivery, dated.service) then cast(timezone('Europe/Oslo', first_delivered_at) as date)
        end as delivered_day
    from dated
    cross join changing
)
select
    organisation_number,
    account_id,
    priced.service,
    channel,
    outcome,
    created.first_day as created_from,
    delivered.first_day as delivered_from,
    -- days are told apart only after the month: most is known within it, and telling what day it is in Oslo takes long
    case
        when first_delivered_at < $month_to then $month
        else cast(date_trunc('month', timezone('Europe/Oslo', first_delivered_at)) as date)
    end as delivered_month,
    case when first_received_at >= $month_to then cast(timezone('Europe/Oslo', first_received_at) as date) end as received_on,
    case when known_at >= $month_to then cast(timezone('Europe/Oslo', known_at) as date) end as known_on,
    count(*) as dispatches,
    bool_or(synthetic) as synthetic
from priced
left join price_days as created
  on created.counted_on = 'CREATED' and created.service = priced.service
 and priced.day >= created.first_day and priced.day < created.next_day
left join price_days as delivered
  on delivered.counted_on = 'DELIVERED' and delivered.service = priced.service
 and priced.delivered_day >= delivered.first_day and priced.delivered_day < delivered.next_day
group by all
