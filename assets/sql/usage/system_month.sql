-- Count the country's dispatches by source system and service, those of ordinary systems in whole fifties.
--
-- Grain: one row per (month, service, system, mapping). A shielded system has a perturbed row of its own, in months
-- that are published, and counts in the row NOT_STATED as well.
-- Nulls: dispatches where fewer than three organisations use the system, and in the row NOT_STATED, of which the
-- shielded systems are part; organisations there and of shielded systems; system where names are not mapped or not
-- stated.
--
-- the country's dispatches by source system, rounded up to whole fifties; shielded ones, which also count in the row of
-- what states none, are perturbed before. What one or two organisations sent is given as a band, and so is what states none
-- exact ones would give the sum of what states none, and from day to day whose it is; so would how many there are of these
with ordinary as (
    select
        month, service, system, mapping,
        -- of several spellings the first
        min(supplier) filter (where mapping = 'MAPPED') as supplier,
        sum(dispatches)::bigint as dispatches,
        count(distinct organisation_number) as organisations,
        bool_or(synthetic) as synthetic
    from connection
    group by month, service, system, mapping
)
select
    month, service, system, mapping, supplier,
    if(mapping <> 'NOT_STATED' and organisations >= $enough, (dispatches + 49) // 50 * 50, null) as dispatches,
    {{band}} as dispatches_band,
    if(mapping <> 'NOT_STATED', organisations, null) as organisations,
    false as perturbed, synthetic
from ordinary
union all
select month, service, system, 'MAPPED', null, dispatches, {{band}}, null, true, synthetic
from (select * exclude (quantity), quantity::bigint as dispatches from shielded)
