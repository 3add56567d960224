-- each event once per municipality of now: one that was split since has a row for each part
-- the customer is the one of now, as in use: a number that ended has its successor's
select
    producer,
    event_id,
    service,
    customer as organisation_number,
    unnest(case when municipality_codes_now is null then [null] else municipality_codes_now end) as municipality_code,
    coalesce(len(municipality_codes_now) > 1, false) as estimated,
    municipality_code as reported_code,
    resolution,
    customer_kind,
    step,
    occurred_at,
    occurred_precision,
    month,
    source,
    synthetic
from adoption
