-- Count a month's dispatches by everything a price may depend on.
--
-- Grain: one row per (month made, organisation_number, account_id, service, channel, outcome, delivered_month,
-- received_on, known_on, created_from, delivered_from). Nulls: account_id at sensitive services, and for everything an organisation sent by a
-- service in a month in which it sent anything from a sensitive or unstated source system (`connection_month` counts
-- these together); created_from and delivered_from where no price of the service, counted on that day, changes within
-- the month; delivered_month where not delivered; received_on and known_on where the day lies in the month.
--
-- a month's dispatches by what a price may ask for
-- where any dispatch of an organisation's service is of a sensitive source system (or of none, which `connection_month`
-- counts with those), all of them are counted without account: a sum that is shown anyway, so that none is given back
with folded as (
    select distinct organisation_number, service from connection_month where mapping = 'NOT_STATED'
)
select
    dispatch.organisation_number,
    if(folded.service is null and dispatch.service not in ({{sensitive}}), dispatch.account_id, null) as account_id,
    dispatch.service,
    dispatch.channel,
    dispatch.outcome,
    dispatch.delivered_month,
    dispatch.received_on,
    dispatch.known_on,
    dispatch.created_from,
    dispatch.delivered_from,
    sum(dispatch.dispatches) as dispatches,
    bool_or(dispatch.synthetic) as synthetic
from dispatch
left join folded using (organisation_number, service)
group by all
