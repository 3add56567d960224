select month, service, area_kind, area, annexed - active as annex_without_use, active_basis, synthetic
from uptake.funnel;
