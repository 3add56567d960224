select month, service, measure, quantity, quantity_hidden, organisations, synthetic
from usage.measure_total_month;
