select month, service, measure, quantity, perturbed, organisations, synthetic
from usage.measure_total_month;
