-- The services that have a loan, up to the last month that is over. One row per service.
select distinct service from ledger.loan_month where service is not null and month <= $through order by service;
