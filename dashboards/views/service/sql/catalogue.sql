-- The product catalogue: one row per service.
select * from reference.product order by service;
