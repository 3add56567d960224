select month, service, active, active_basis from uptake.funnel where area_kind = 'NO';
