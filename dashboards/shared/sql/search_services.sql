-- What the product catalogue says of each service. One row per service.
select service, description_nb as description from reference.product order by service;
