-- What the product catalogue says of one service; what is not known says 'ukjent'. One row.
select * from reference.product where service = $service;
