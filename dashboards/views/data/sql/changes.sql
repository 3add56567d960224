-- Where use differs from the release before. One row per municipality of now, service, month, measure and reason, the
-- largest difference first. No municipality: an organisation that is none.
select
    municipality.name as municipality,
    changed.municipality_code,
    coalesce(product.name_nb, changed.service) as service,
    changed.month,
    changed.measure,
    changed.reason,
    changed.before,
    changed.after,
    changed.difference,
    changed.synthetic
from quality.release_diff as changed
left join reference.municipality as municipality
    on municipality.code = changed.municipality_code and municipality.valid_to is null
left join reference.product as product on product.service = changed.service
where $service is null or changed.service = $service
order by
    abs(changed.difference) desc,
    changed.month,
    changed.municipality_code,
    changed.service,
    changed.measure,
    changed.reason;
