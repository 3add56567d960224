-- The product catalogue. One row per service.
select service, name_nb as name, description_nb as about, external
from reference.product
order by service;
