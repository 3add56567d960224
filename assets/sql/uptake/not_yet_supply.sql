-- whether each system that municipalities were seen with carries each service, and on what evidence
with system as (
    select system, min(supplier) as supplier from seen where system is not null and code is not null group by system
),
-- a service of which no connection tells (a sensitive one, or one without dispatches) is carried nobody knows where
told as (
    select distinct service from seen
),
carried as (
    select
        seen.service, seen.system, count(*) as carries,
        bool_or(seen.synthetic or standing.synthetic) as synthetic
    from seen
    join standing on standing.service = seen.service and standing.code = seen.code
    where standing.active and seen.system is not null
    group by seen.service, seen.system
),
known as (
    select
        asked.service, system.system, coalesce(support.supplier, system.supplier) as supplier,
        case when told.service is not null then coalesce(carried.carries, 0) end as carries,
        coalesce(carried.carries >= 3, false) as enough,
        support.since,
        -- a row without a date says neither that it is there nor that it comes
        coalesce(support.since <= $today, false) as supported,
        coalesce(support.since > $today, false) as promised,
        coalesce(carried.synthetic, false) or coalesce(support.synthetic, false) as synthetic
    from (select distinct service from standing) as asked
    cross join system
    left join told on told.service = asked.service
    left join carried on carried.service = asked.service and carried.system = system.system
    left join supplier_support as support on support.service = asked.service and support.system = system.system
)
select
    service, system, supplier, carries, enough, since, synthetic,
    if(enough or supported, 'YES', if(promised, 'NO', 'UNKNOWN')) as ready,
    -- the evidence in words, before and after how many it is carried for
    case
        when enough then concat(system, ' leverer tjenesten for ')
        when supported then concat(system, ' støtter tjenesten siden ', strftime(since, '%d.%m.%Y'), ', sier registeret')
        when promised then concat(system, ' støtter tjenesten først fra ', strftime(since, '%d.%m.%Y'), ', sier registeret')
        when carries is null then concat(system, ' kan ikke vurderes: tjenesten måles ikke per fagsystem')
        when carries = 0 then concat(system, ' er ikke sett med tjenesten hos noen som er i gang')
        else concat(system, ' leverer tjenesten bare for ')
    end as said_before,
    case
        when enough then concat(system, ' delivers the service for ')
        when supported then concat(system, ' has supported the service since ', strftime(since, '%-d %B %Y'), ', says the register')
        when promised then concat(system, ' supports the service only from ', strftime(since, '%-d %B %Y'), ', says the register')
        when carries is null then concat(system, ' cannot be judged: the service is not measured by source system')
        when carries = 0 then concat(system, ' was not seen with the service at anyone who uses it')
        else concat(system, ' delivers the service only for ')
    end as said_before_en,
    enough or (carries > 0 and not supported and not promised) as said_count,
    case when enough and supported then concat(', og støtter den siden ', strftime(since, '%d.%m.%Y'), ', sier registeret') else '' end as said_after,
    case when enough and supported then concat(', and has supported it since ', strftime(since, '%-d %B %Y'), ', says the register') else '' end as said_after_en
from known
