-- a month's dispatches by what a price may ask for
-- where any dispatch of an organisation's service is of a sensitive source system (or of none, which `connection_month`
-- counts with those), all of them are counted without account: a sum that is shown anyway, so that none is given back
with folded as (
    select distinct organisation_number, service from connection_month where mapping = 'NOT_STATED'
),
dated as (
    select *, greatest(first_received_at, first_delivered_at) as known_at from dispatch
)
select
    dated.organisation_number,
    if(folded.service is null and dated.service not in ({{sensitive}}), dated.account_id, null) as account_id,
    dated.service,
    dated.channel,
    dated.outcome,
    -- days are told apart only after the month: most is known within it, and telling what day it is in Oslo takes long
    case
        when first_delivered_at < $month_to then $month
        else cast(date_trunc('month', timezone('Europe/Oslo', first_delivered_at)) as date)
    end as delivered_month,
    case when first_received_at >= $month_to then cast(timezone('Europe/Oslo', first_received_at) as date) end as received_on,
    case when known_at >= $month_to then cast(timezone('Europe/Oslo', known_at) as date) end as known_on,
    count(*) as dispatches,
    bool_or(dated.synthetic) as synthetic
from dated
left join folded using (organisation_number, service)
group by all
