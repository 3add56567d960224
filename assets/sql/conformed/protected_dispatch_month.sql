-- Count the dispatches of sensitive services by sender, and those of shielded systems by sender and system.
--
-- Grain: one row per (month, service, organisation_number, system), of months that are published. Exact; never leaves
-- the lake. `digest_xor` and `digest_sum` identify the set of dispatches. A dispatch in two months counts in both.
with counted as (
    select
        service, organisation_number,
        if(service in ({{sensitive}}), null, system_name.system) as system,
        ('0x' || sha256(concat_ws(chr(31), producer, dispatch_id))[:16])::ubigint as hash,
        conformed_dispatch.synthetic
    from conformed_dispatch
    left join system_name on system_name.written = conformed_dispatch.source_system
    where service in ({{sensitive}}) or system_name.sensitive
)
select
    service, organisation_number, system,
    count(*) as dispatches,
    bit_xor(hash)::decimal(20,0) as digest_xor,
    {{sum_of_hash}} as digest_sum,
    bool_or(synthetic) as synthetic
from counted
group by service, organisation_number, system
