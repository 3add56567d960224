select month, service, kind, cause, hours_shown, synthetic
from usage.stability_month;
