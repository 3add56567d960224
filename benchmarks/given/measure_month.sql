-- made up: one measure of every service and organisation
select month, number as organisation_number, service, measure, hash(month, number, service)::hugeint % 9_000 as quantity,
    false as perturbed, true as synthetic
from month, organisation, (select distinct service from service), (from measure limit 1)
