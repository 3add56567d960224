-- who sends by a service in the later release and did not, in these months, in the earlier
select distinct organisation_number, service
from dispatches_after
where (organisation_number, service) not in (select (organisation_number, service) from dispatches_before)
