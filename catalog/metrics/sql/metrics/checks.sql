-- title.nb: Kontroller
-- title.en: Checks
-- definition.nb: Regler som hvert datasett er prøvd mot før utgaven. En kontroll som ikke består, stopper utgaven
--   eller gir et varsel.
-- definition.en: Rules that each dataset is tried against before the release. A check that fails stops the
--   release or gives a warning.
-- unit: kontroller
-- dataset: quality.check_result

select dataset, count(*) as checks, count(*) filter (where passed) as passed
from quality.check_result
group by all;
