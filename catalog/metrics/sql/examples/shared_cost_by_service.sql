select
    service, key, count(*) as entries, sum(amount_ore)::bigint * 0.01 as kr, bool_or(synthetic) as synthetic
from ledger.allocation
where year(period) = (select year(max(period)) from ledger.allocation)
group by all
order by service, key;
