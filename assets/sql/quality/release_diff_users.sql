select distinct organisation_number, service, measure
from measure_month_before
