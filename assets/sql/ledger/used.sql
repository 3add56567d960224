-- what was used in the month, by what a price asks for and when it was first known: one row per organisation, account,
-- offer, channel, and the days (null within the month) on which it was first received and known as the price asks for it
with counted as (
    select
        organisation_number, account_id, offer.channel as billed_channel, offer.offer, offer.kind, offer.least,
        received_on,
        -- that it was delivered is known when it was. When a state itself arrived is not kept, so one that was sent in
        -- late, of a dispatch known before, counts as known on its day
        if(offer.outcome = 'delivered' or offer.counted_on = 'DELIVERED', known_on, received_on) as known_on,
        sum(dispatches)::decimal(18,4) as quantity,
        bool_or(dispatched.synthetic) as synthetic
    from offer_of_use as offer
    join dispatched
      on dispatched.service = offer.service
     and dispatched.counted_on = offer.counted_on
     and (offer.channel is null or offer.channel = dispatched.channel)
     and (offer.outcome is null or offer.outcome = dispatched.outcome)
     and (offer.first_day is null
          or coalesce(dispatched.price_from, $month) >= offer.first_day
             and coalesce(dispatched.price_from, $month) < offer.next_day)
    where offer.of_dispatches
    group by all
),
reported as (
    select
        *,
        day = max(day) over (partition by organisation_number, service, measure, account_id, source) as is_last,
        -- a corrected quantity counts from when there was one at all
        cast(timezone('Europe/Oslo', first_received_at) as date) as received_day,
        if(received_day >= $month + interval 1 month, received_day, null) as received_on,
        -- a source that reports the whole month on one day, of whomever, reports by month: no unit's day is known
        min(day) over of_source = max(day) over of_source as undated
    from measurement
    window of_source as (partition by service, measure, source)
),
-- of what stands, each account and source counts as on its last day in the month
metered as (
    select
        organisation_number,
        -- an active month and a fixed price are of the whole organisation, and so is what is priced by the person
        if(
            offer.kind in ('ACTIVE_MONTH', 'FIXED', 'FIXED_MONTHLY') or offer.price_element in ({{person_priced}}), null, account_id
        ) as account_id,
        if(offer.kind in ('PER_MESSAGE_TYPE', 'PER_CHANNEL'), source, offer.channel) as billed_channel,
        offer.offer, offer.kind, offer.least,
        received_on,
        received_on as known_on,
        sum(quantity)::decimal(18,4) as quantity,
        bool_or(reported.synthetic) as synthetic
    from offer_of_use as offer
    join reported
      on reported.service = offer.service and reported.measure = offer.measure
     and (offer.channel is null or offer.channel = source)
     and (is_last or not offer.stands)
     and (offer.undated is null or offer.undated = reported.undated)
     and (offer.first_day is null or day >= offer.first_day and day < offer.next_day)
    where not offer.of_dispatches
    group by all
)
select * rename (billed_channel as channel) from (from counted union all from metered)
