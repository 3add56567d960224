select month, service, active, active_basis, synthetic from uptake.funnel where area_kind = 'NO';
