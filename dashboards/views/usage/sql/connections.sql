-- Through which source systems and suppliers a municipality's dispatches of a service came, in the twelve months up to a
-- month. Numbers are in bands, added over accounts and months: `20-198` is two of `10-99`. Those of the month are empty
-- where it is not published yet ($awaited). Restricted: ask by `queries.connections`.
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
        and $code in (select seen.municipality_code from ({seen_municipality}) as seen)
),

used as (
    select
        used.*,
        cast(string_split(used.dispatches, '-') as bigint[]) as sent,
        cast(string_split(used.failed, '-') as bigint[]) as lost
    from usage.connection_month as used
    inner join owner
        on owner.organisation_number = used.organisation_number
        and owner.valid_from <= used.month and (owner.valid_to is null or used.month < owner.valid_to)
    where used.service = $service and used.month > $month - interval 12 month and used.month <= $month
),

added as (
    select
        coalesce(system, source_system) as system,
        supplier,
        mapping,
        count(distinct account_id) as accounts,
        coalesce(sum(sent[1]) filter (where month = $month), 0) as sent_least,
        coalesce(sum(sent[-1]) filter (where month = $month), 0) as sent_most,
        sum(sent[1]) as year_least,
        sum(sent[-1]) as year_most,
        sum(lost[1]) as lost_least,
        sum(lost[-1]) as lost_most,
        max(month) as last_month,
        bool_or(synthetic) as synthetic
    from used
    group by all
)

select
    system,
    supplier,
    mapping,
    accounts,
    case
        when $awaited then null
        when sent_most = 0 then '0'
        else concat(sent_least, '-', sent_most)
    end as dispatches,
    concat(year_least, '-', year_most) as twelve_months,
    case when lost_most = 0 then '0' else concat(lost_least, '-', lost_most) end as failed,
    last_month,
    synthetic
from added
order by mapping = 'NOT_STATED', year_least desc, system, supplier;
