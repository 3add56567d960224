-- The month in which the call list of a service says who is active. One row; null where the list is empty.
select max(active_month) as month
from uptake.not_yet
where service = $service;
