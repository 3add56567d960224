-- question.nb: Hva bærer hver tjeneste av felleskostnaden i år, og etter hvilken nøkkel?
-- question.en: What does each service carry of the shared cost this year, and by which key?

select
    service, key, count(*) as entries, sum(amount_ore)::bigint * 0.01 as kr, bool_or(synthetic) as synthetic
from ledger.allocation
where year(period) = (select year(max(period)) from ledger.allocation)
group by all
order by service, key;
