-- Services whose use differs from the release before. One row per service, by name.
select distinct changed.service, coalesce(product.name_nb, changed.service) as name
from quality.release_diff as changed
left join reference.product as product on product.service = changed.service
order by name collate no, changed.service;
