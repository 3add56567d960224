-- Expected use of a service. One row per what prices are counted by.
select
    service, driver, now, low, expected, high, method, backtest_error, last_known_month, months_foreseen,
    months_missing, compared_share, synthetic
from ledger.price_use
where service = $service
order by driver;
