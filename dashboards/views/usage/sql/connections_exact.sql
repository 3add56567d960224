-- Through which source systems and suppliers a municipality's dispatches of a service came, in the twelve months up to a
-- month, exactly. For the organisation that is asked about; without `$organisation`, of whoever had the municipality, for
-- those who may see all exact numbers.
-- One row per system and supplier; what states no system, or is shielded, stands together and last.
with owner as (
    -- connections are an organisation's own, and are not divided where a municipality was: on the borders of now they are
    -- those of who has the code now
    select
        organisation_number,
        case when $borders = 'now' then date '0001-01-01' else valid_from end as valid_from,
        valid_to
    from reference.municipality_of
    where municipality_code = $code and ($borders = 'then' or valid_to is null)
        and ($organisation is null or organisation_number = $organisation)
)

select
    coalesce(used.system, used.source_system) as system,
    used.supplier,
    used.mapping,
    count(distinct used.account_id) as accounts,
    cast(coalesce(sum(used.dispatches) filter (where used.month = $month), 0) as bigint) as dispatches,
    cast(sum(used.dispatches) as bigint) as twelve_months,
    cast(sum(used.failed) as bigint) as failed,
    max(used.last_seen) as last_seen,
    bool_or(used.synthetic) as synthetic
from usage.connection_exact_month as used
inner join owner
    on owner.organisation_number = used.organisation_number
    and owner.valid_from <= used.month and (owner.valid_to is null or used.month < owner.valid_to)
where used.service = $service and used.month > $month - interval 12 month and used.month <= $month
group by coalesce(used.system, used.source_system), used.supplier, used.mapping
order by used.mapping = 'NOT_STATED', twelve_months desc, system, used.supplier;
