-- The services that something was sent with.
-- One row per service.
select distinct service
from usage.dispatch_month
order by service;
