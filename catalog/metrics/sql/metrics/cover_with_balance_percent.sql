select distinct service, year, scenario, cover_with_balance_expected_percent, synthetic
from ledger.price_calculation
order by service, year, scenario;
