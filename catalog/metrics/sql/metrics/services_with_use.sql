with used as (
    select month, municipality_code, service, estimated, synthetic
    from usage.municipality_month_now
    union all
    select month, municipality_code, service, estimated, synthetic
    from usage.municipality_measure_month_now
)

select
    used.month,
    used.municipality_code,
    count(distinct used.service) as services,
    bool_or(used.estimated) as estimated,
    bool_or(used.synthetic) as synthetic
from used
left join reference.product as product using (service)
where not coalesce(product.external, false)
group by grouping sets ((used.month, used.municipality_code), (used.month));
