-- Each step taken, by whom, on the borders of now.
--
-- Grain: one row per event and municipality of now; an event of a since split municipality has a row for each part,
-- marked estimated, up to the part's own first event of the service. Nulls: municipality_code where the customer is
-- not a municipality; service for main agreements.
--
-- each event once per municipality of now: one that was split since has a row for each part, which is its own customer
-- the customer is the one of now, as in use: a number that ended has its successor's
with told as (
    select
        adoption.*,
        unnest(case when municipality_codes_now is null then [null] else municipality_codes_now end) as code,
        coalesce(len(municipality_codes_now) > 1, false) as estimated
    from adoption
),
placed as (
    select told.*, coalesce(told.customer, own.organisation_number) as number
    from told
    left join organisation as own
      on told.estimated and own.municipality_code = told.code and own.kind = 'MUNICIPALITY' and own.valid_to is null
),
own_event as (
    select number, service, min(occurred_at) as since from placed where not estimated group by number, service
)
select
    placed.producer,
    placed.event_id,
    placed.service,
    placed.number as organisation_number,
    placed.code as municipality_code,
    placed.estimated,
    placed.municipality_code as reported_code,
    placed.resolution,
    placed.customer_kind,
    placed.step,
    placed.occurred_at,
    placed.occurred_precision,
    placed.month,
    placed.source,
    placed.synthetic
from placed
left join own_event on own_event.number = placed.number and own_event.service is not distinct from placed.service
-- from its own first event on, a part's own events alone are told of it
where not (placed.estimated and coalesce(placed.occurred_at >= own_event.since, false))
