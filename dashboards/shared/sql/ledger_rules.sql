-- The rules of self-cost that have been chosen: those for all services and of one, or of all where none is asked for.
-- One row per rule, service and validity.
select rule, service, valid_from, valid_to, choice, value, source, synthetic
from ledger.self_cost_rule
where $service is null or service is null or service = $service
order by rule, service nulls first, valid_from;
