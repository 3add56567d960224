select month, service, share_of_population from uptake.funnel where area_kind = 'NO';
