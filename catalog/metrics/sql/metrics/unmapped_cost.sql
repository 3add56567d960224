-- title.nb: Kostnad som ikke er plassert
-- title.en: Unallocated cost
-- definition.nb: Bokført kostnad som ingen tjeneste eller fordelingsnøkkel bærer ennå, med årsak.
-- definition.en: Booked cost that no service or allocation key carries yet, with the reason.
-- unit: øre
-- dataset: ledger.unmapped_cost

select
    period,
    reason,
    sum(amount_ore)::bigint as amount_ore,
    count(*) as entries,
    bool_or(synthetic) as synthetic
from ledger.unmapped_cost
group by all;
