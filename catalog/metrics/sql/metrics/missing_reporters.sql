-- title.nb: Manglende leveranser, siste fire uker
-- title.en: Missing deliveries, last four weeks
-- definition.nb: Virksomheter som skulle levert for dagen etter egen rytme eller aktivering, og de av dem som ikke har
--   gjort det etter fristen, de siste fire ukene. Raden uten dag er alle fire uker: hver virksomhet én gang. Et hull er
--   ikke null bruk.
-- definition.en: Organisations that should have delivered for the day by their own rhythm or activation, and those of
--   them that have not by the deadline, in the last four weeks. The row without a day is all four weeks: each
--   organisation once. A gap is not no use.
-- unit: virksomheter
-- dataset: quality.expected_reporter

select
    stream,
    day,
    count(distinct organisation_number) filter (where expected and status <> 'NOT_YET_DUE') as due,
    count(distinct organisation_number) filter (where status = 'LATE') as late,
    count(distinct organisation_number) filter (where status = 'MISSING') as missing,
    bool_or(synthetic) as synthetic
from quality.expected_reporter
where day > cast(timezone('Europe/Oslo', (select as_of from meta.release)) as date) - 28
group by grouping sets ((stream, day), ());
