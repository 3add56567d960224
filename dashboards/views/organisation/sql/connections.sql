-- The connections of one organisation in the last twelve months: through which systems and suppliers it sends. A system
-- that no register knows has no name. Hidden quantities are left out, and told of. One row per service, system, supplier.
select
    connection.service,
    coalesce(product.name_nb, connection.service) as service_name,
    connection.system,
    connection.supplier,
    connection.mapping,
    count(distinct connection.account_id) as accounts,
    cast(sum(connection.dispatches) as bigint) as dispatches,
    cast(sum(connection.failed) as bigint) as failed,
    case when count(connection.dispatches) = 0 then max(connection.dispatches_hidden) end as dispatches_hidden,
    case when count(connection.failed) = 0 then max(connection.dispatches_hidden) end as failed_hidden,
    bool_or(connection.dispatches_hidden is not null) as some_hidden,
    max(connection.last_seen) as last_seen,
    bool_or(connection.synthetic) as synthetic
from usage.connection_month as connection
left join reference.product as product on product.service = connection.service
where connection.organisation_number = $organisation and connection.month between $first and $through
group by
    connection.service, product.name_nb, connection.system, connection.supplier, connection.mapping
order by lower(service_name), connection.service, dispatches desc nulls last, connection.system nulls last, connection.supplier;
