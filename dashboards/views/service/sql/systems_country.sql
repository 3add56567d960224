-- Source systems and suppliers that a service was used by in the period, in the whole country, the one with most customers
-- first; with how much was sent by each, of ordinary ones rounded up to whole fifties in each month. Names that no register knows stand as
-- one, and so do those that name none, which shielded systems are among too.
-- One row per system and mapping. The count of dispatches is empty where it is not known for every month: then
-- `dispatches_band` is from the least to the most that it may be. Customers of a shielded system are not told.
with connected as (
    select mapping, case mapping when 'MAPPED' then system end as system, count(distinct organisation_number) as customers
    from usage.connection_month
    where service = $service and month between $first and $through
        and dispatches <> '0-9'  -- a row that is there whatever was sent
    group by all
),

told as (
    select *, cast(string_split(dispatches_band, '-') as bigint[]) as bounds
    from usage.system_month
    where service = $service and month between $first and $through
),

sent as (
    select
        system,
        mapping,
        perturbed,
        min(supplier) as supplier,
        case when count(dispatches) = count(*) then cast(sum(dispatches) as bigint) end as dispatches,
        sum(greatest(dispatches - 49, bounds[1])) as least,
        sum(coalesce(dispatches, bounds[-1])) as most,
        bool_or(synthetic) as synthetic
    from told
    group by system, mapping, perturbed
)

select
    sent.system,
    sent.supplier,
    sent.mapping,
    connected.customers,
    sent.dispatches,
    case when sent.dispatches is null then concat(sent.least, '-', sent.most) end as dispatches_band,
    sent.perturbed,
    sent.synthetic
from sent
left join connected
    on not sent.perturbed and connected.mapping = sent.mapping and connected.system is not distinct from sent.system
order by sent.mapping <> 'MAPPED', connected.customers desc nulls last, sent.dispatches desc nulls last, sent.system, sent.mapping;
