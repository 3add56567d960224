-- what was used in the month, by what a price asks for: one row per organisation, account, offer and channel
select
    organisation_number, account_id, channel, offer,
    if(kind in ('ACTIVE_MONTH', 'FIXED', 'FIXED_MONTHLY'), 1, sum(quantity))::decimal(18,4) as quantity,
    bool_or(synthetic) as synthetic
from used
group by organisation_number, account_id, channel, offer, kind, least
having sum(quantity) > 0 and (kind <> 'ACTIVE_MONTH' or sum(quantity) >= least)
