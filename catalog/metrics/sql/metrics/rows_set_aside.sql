-- title.nb: Rader til kontroll
-- title.en: Rows set aside
-- definition.nb: Mottatte rader som brøt minst én regel og ikke er med i tallene. Hver rad telles én gang her, og under
--   hver regel den brøt i oversikten over regler.
-- definition.en: Rows received that broke at least one rule and are not in the numbers. Each counts once here, and
--   under each rule that it broke in the list of rules.
-- unit: rader
-- dataset: quality.accounting

select
    stream,
    sum(landed)::bigint as landed,
    sum(conformed)::bigint as conformed,
    sum(superseded)::bigint as superseded,
    sum(quarantined)::bigint as quarantined,
    sum(held)::bigint as held,
    sum(withdrawn)::bigint as withdrawn
from quality.accounting
group by all;
