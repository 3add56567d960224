-- The part of the basis first known after the month. Reconciliation decides whether it was invoiced by then.
--
-- Grain: one row per (month, organisation_number, service, price_element, known_on). A dispatch is known when it is
-- received and, where the price requires delivery, delivered; a measurement when its key was first received. Nulls:
-- reported_from where any use was received within the month.
--
-- The basis itself omits this: invoicing would change it, and each invoice would rebuild every month.
with reported as (
    select
        used.*, offer.service, offer.price_element,
        if(bool_or(received_on is null) over of_element, null, min(received_on) over of_element) as reported_from,
        sum(quantity) over (
            partition by organisation_number, account_id, used.channel, offer
            order by known_on nulls first range unbounded preceding
        ) as so_far
    from used
    join offer_of_use as offer using (offer)
    -- a fixed price is the same whatever came late
    where used.kind not in ('FIXED', 'FIXED_MONTHLY')
    window of_element as (partition by offer.service, offer.price_element)
),
due as (
    select
        *,
        -- a month is active from the day on which enough is known
        if(kind = 'ACTIVE_MONTH', (so_far >= least and so_far - quantity < least)::integer, quantity)::decimal(18,4) as due_quantity
    from reported
)
select
    organisation_number, service, price_element, known_on,
    sum(due_quantity)::decimal(18,4) as quantity,
    max(reported_from) as reported_from,
    bool_or(synthetic) as synthetic
from due
-- what was delivered in a month after the one it was made in may be known before that is over
where known_on >= $month + interval 1 month and due_quantity > 0
group by all
