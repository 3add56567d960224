-- made up: each municipality begins with each service in some month
select month, number[:4] as municipality_code, number as organisation_number, 'MUNICIPALITY' as customer_kind, service,
    'ACTIVATED' as step, hash(number, service) % 60 <= at_month as active, 'USE' as active_basis,
    null as days_annex_to_use, false as estimated, true as synthetic
from month, (from organisation where n < 357), (select distinct service from service)
