-- question.nb: Hvilke fagsystemnavn bør registeret lære å kjenne først?
-- question.en: Which source system names should the register learn first?

select
    source_system,
    dispatches,
    share,
    sum(share) over (order by dispatches desc, source_system) as so_far,
    organisations,
    last_month,
    synthetic
from quality.unmapped_system
order by dispatches desc, source_system
limit 20;
