-- The services whose use somebody measured.
-- One row per service.
select distinct service
from usage.measure_total_month
order by service;
