-- The first and the last day of a month for which use of a service, or the lack of it, was reported.
--
-- Grain: one row per (month, service) of which use is measured; of sensitive ones, months that are published.
--
-- from which to which day of the month a service's use was measured: a day on which it was told that nobody used it, too. Of
-- a sensitive service the whole month, from when it is published
with told as (
    select month, service, day as first_day, day as last_day, synthetic from dispatch_day
    union all
    select month, service, first_day, last_day, synthetic from sensitive_dispatch_month
    union all
    select month, service, day, day, synthetic from measurement where measure in ({{use}})
)
select
    month, service,
    if(service in ({{sensitive}}), month, min(first_day)) as first_day,
    if(service in ({{sensitive}}), last_day(month), max(last_day)) as last_day,
    bool_or(synthetic) as synthetic
from told
where not ($provisional and service in ({{sensitive}}))
group by month, service
