-- Source systems and suppliers that a service was used by in the period, the one with most customers first. Names that
-- no register knows stand as one, and so do those that name none, of which a row of 0-9 says nothing: it is there whatever
-- was sent. How much each sent is not asked here.
-- Of senders whose connections the visitor may see: all ($seen_all), its own organisation, members of its networks.
-- One row per system, supplier and mapping.
with named as (
    select
        mapping,
        case mapping when 'MAPPED' then system end as system,
        case mapping when 'MAPPED' then supplier end as supplier,
        organisation_number,
        synthetic
    from usage.connection_month
    where service = $service and month between $first and $through and dispatches <> '0-9'
        and (
            $seen_all
            or organisation_number = $seen_organisation
            or organisation_number in (
                select organisation.organisation_number
                from reference.organisation as organisation
                inner join reference.network_member as member
                    on member.municipality_code = organisation.municipality_code
                where list_contains(cast($seen_networks as varchar[]), member.network_id) and member.valid_to is null
            )
        )
)

select
    system,
    supplier,
    mapping,
    count(distinct organisation_number) as customers,
    bool_or(synthetic) as synthetic
from named
group by system, supplier, mapping
order by mapping <> 'MAPPED', customers desc, system, supplier, mapping;
