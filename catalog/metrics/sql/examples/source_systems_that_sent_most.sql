-- question.nb: Hvilke fagsystemer sendte mest de siste tolv hele månedene? Rundet opp til hele femti per måned.
--   Skjermede (perturbed) er også med i raden NOT_STATED.
-- question.en: Which source systems sent the most in the last twelve whole months? Rounded up to whole fifties by
--   month. Shielded ones (perturbed) are part of the row NOT_STATED too.

with counted as (
    select *, string_split(dispatches_band, '-')::bigint[] as bounds
    from usage.system_month
    where
        month <= (select through_month from meta.release)
        and month > (select through_month - interval 12 months from meta.release)
)

select
    system,
    max(supplier) as supplier,
    mapping,
    case when count(dispatches) = count(*) then sum(dispatches) end as dispatches,
    sum(if(perturbed, dispatches, greatest(dispatches - 49, bounds[1]))) as at_least,
    sum(coalesce(dispatches, bounds[-1])) as at_most,
    max(organisations) as organisations,
    perturbed,
    bool_or(synthetic) as synthetic
from counted
group by system, mapping, perturbed
order by at_least desc, system;
