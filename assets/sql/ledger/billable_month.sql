-- a month's dispatches by what a price may ask for
-- where any dispatch of an organisation's service is of a sensitive source system (or of none, which `connection_month`
-- counts with those), all of them are counted without account: a sum that is shown anyway, so that none is given back
with folded as (
    select distinct organisation_number, service from connection_month where mapping = 'NOT_STATED'
),
dated as (
    select
        *,
        cast(timezone('Europe/Oslo', first_received_at) as date) as received_day,
        cast(timezone('Europe/Oslo', greatest(first_received_at, first_delivered_at)) as date) as known_day
    from dispatch
)
select
    dated.organisation_number,
    if(folded.service is null and dated.service not in ({{sensitive}}), dated.account_id, null) as account_id,
    dated.service,
    dated.channel,
    dated.outcome,
    cast(date_trunc('month', timezone('Europe/Oslo', dated.first_delivered_at)) as date) as delivered_month,
    -- days are told apart only after the month: most is known within it
    if(received_day >= dated.month + interval 1 month, received_day, null) as received_on,
    if(known_day >= dated.month + interval 1 month, known_day, null) as known_on,
    count(*) as dispatches,
    bool_or(dated.synthetic) as synthetic
from dated
left join folded using (organisation_number, service)
group by all
