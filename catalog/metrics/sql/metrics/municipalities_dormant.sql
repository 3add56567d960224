select month, service, dormant from uptake.funnel where area_kind = 'NO' and dormant is not null;
