-- what shielded systems sent in services that are not sensitive, exact, for the country
select
    month, service, $dispatches as measure, system,
    sum(dispatches)::decimal(18,4) as quantity,
    1 as unit,
    bit_xor(digest_xor::ubigint)::decimal(20,0) as digest_xor,
    {{sum_of_digest}} as digest_sum,
    count(*) as organisations,
    bool_or(synthetic) as synthetic
from protected_dispatch_month
where system is not null
group by month, service, system
