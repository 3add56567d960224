-- Sum the flows that are measured at sensitive services by organisation.
--
-- Grain: one row per (month, service, measure, organisation_number), of months that are published. Exact; never leaves
-- the lake. `digest_xor` and `digest_sum` identify the month's sum, which is one record.
with counted as (
    select service, measure, organisation_number, sum(quantity)::decimal(18,4) as quantity, bool_or(synthetic) as synthetic
    from conformed_measurement
    where service in ({{sensitive}}) and measure in ({{flows}})
    group by service, measure, organisation_number
),
-- one record per organisation, the month's sum of it
hashed as (
    select *, ('0x' || sha256(concat_ws(chr(31), service, measure, organisation_number, $month, quantity))[:16])::ubigint as hash from counted
)
select
    service, measure, organisation_number, quantity,
    hash::decimal(20,0) as digest_xor,
    hash::decimal(20,0) as digest_sum,
    synthetic
from hashed
