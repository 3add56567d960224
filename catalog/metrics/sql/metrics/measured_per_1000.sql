select month, municipality_code, service, measure, per_1000_inhabitants, perturbed, estimated, synthetic
from usage.municipality_measure_month_now;
