select month, municipality_code, service, measure, quantity, perturbed, estimated, synthetic
from usage.municipality_measure_month_now;
