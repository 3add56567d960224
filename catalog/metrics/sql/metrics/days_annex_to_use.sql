select month, service, median_days_annex_to_use, days_known, synthetic from uptake.funnel where area_kind = 'NO';
