select month, service, area_kind, area, annexed, configured, activated, active, active_basis, synthetic
from uptake.funnel;
