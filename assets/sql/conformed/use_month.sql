-- The first and the last day on which each customer used each service, by the measures that are use.
--
-- Grain: one row per (month, organisation_number, service) with use; an ended number is replaced by its successor's.
-- Of sensitive services whole months, seven working days after they end.
--
-- the first and last day of use in a month, by organisation (its successor where it ended) and service; what is use the
-- catalogue of measures says. Of a sensitive service whole months, from when they are published: its days are finer than
-- may be told
with told as (
    select month, organisation_number, service, day as first_day, day as last_day, synthetic from dispatch_day
    union all
    select month, organisation_number, service, first_day, last_day, synthetic from sensitive_dispatch_month
    union all
    select month, organisation_number, service, day, day, synthetic from measurement where quantity > 0 and measure in ({{use}})
),
used as (
    select
        * replace (
            if(service in ({{sensitive}}), month, first_day) as first_day,
            if(service in ({{sensitive}}), last_day(month), last_day) as last_day
        )
    from told
    where not ($provisional and service in ({{sensitive}}))
)
select
    used.month,
    coalesce(part.customer, organisation.successor_number, used.organisation_number) as organisation_number,
    used.service,
    min(used.first_day) as first_day,
    max(used.last_day) as last_day,
    bool_or(used.synthetic) as synthetic
from used
left join organisation using (organisation_number)
-- what one that was split used before it was, each part did
left join organisation_part as part
  on part.organisation_number = used.organisation_number and part.valid_from <= used.first_day and used.first_day < part.valid_to
group by all
