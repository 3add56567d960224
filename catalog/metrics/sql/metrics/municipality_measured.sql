select month, municipality_code, service, measure, quantity, quantity_hidden, estimated, synthetic
from usage.municipality_measure_month_now;
