select month, service, kind, cause, episodes, synthetic
from usage.stability_month
where episodes > 0;
