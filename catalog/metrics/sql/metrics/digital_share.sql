select distinct month, municipality_code, service, digital_share from usage.municipality_month_now;
