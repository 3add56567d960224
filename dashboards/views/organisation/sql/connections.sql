-- The connections of one organisation in the last twelve months: through which systems and suppliers it sends, exactly. A
-- system that no register knows has no name. One row per service, system, supplier.
select
    connection.service,
    coalesce(product.name_nb, connection.service) as service_name,
    connection.system,
    connection.supplier,
    connection.mapping,
    count(distinct connection.account_id) as accounts,
    cast(sum(connection.dispatches) as bigint) as dispatches,
    cast(sum(connection.failed) as bigint) as failed,
    max(connection.last_seen) as last_seen,
    bool_or(connection.synthetic) as synthetic
from usage.connection_exact_month as connection
left join reference.product as product on product.service = connection.service
where connection.organisation_number = $organisation and connection.month between $first and $through
group by
    connection.service, product.name_nb, connection.system, connection.supplier, connection.mapping
order by lower(service_name), connection.service, dispatches desc, connection.system nulls last, connection.supplier;
