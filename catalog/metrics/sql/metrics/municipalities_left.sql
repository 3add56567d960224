select month, service, municipalities - active as municipalities_left, active_basis, synthetic
from uptake.funnel
where area_kind = 'NO';
