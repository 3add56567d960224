-- made up: every measure of every service
select month, service, measure, hash(month, service, measure)::hugeint % 900_000 as quantity, false as perturbed,
    600 as organisations, true as synthetic
from month, (select distinct service from service), measure
