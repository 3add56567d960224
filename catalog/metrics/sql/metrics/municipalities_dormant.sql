select month, service, dormant, synthetic from uptake.funnel where area_kind = 'NO' and dormant is not null;
