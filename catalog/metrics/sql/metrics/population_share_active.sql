select month, service, share_of_population, synthetic from uptake.funnel where area_kind = 'NO';
