-- Count use by organisation, service, measure and month.
--
-- Grain: one row per (month, organisation_number, service, measure) that was reported; nothing reported gives no row,
-- never 0. Flows are summed over the month's days; for stocks (accounts, adapters), each account and source counts as
-- on its last reported day. Of a sensitive service there are stocks and, perturbed, the leading flow; see
-- `assets/perturbation.py`.
select month, organisation_number, service, measure, quantity, false as perturbed, synthetic
from measure_cells
union all
select month, organisation_number, service, measure, quantity, true, synthetic
from published
where organisation_number is not null
