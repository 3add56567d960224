-- How many municipalities wait, and how many are active, by each system that a waiting one was seen with.
--
-- Grain: one row per (service, supplier, source_system); a system has one supplier, as in `not_yet`. A municipality
-- with several systems is counted at each. Nulls: the supplier where unknown, `active` where the service has no
-- connections, `inhabitants` where there is no count.
with place as (
    select code, system, bool_or(synthetic) as synthetic
    from seen
    where code is not null and system is not null
    group by code, system
),
waiting as (
    select
        standing.service, place.system,
        count(*) as waiting, sum(standing.inhabitants) as inhabitants,
        list_sort(list(standing.code)) as municipality_codes,
        bool_or(standing.synthetic or place.synthetic) as synthetic
    from not_yet
    join standing on standing.service = not_yet.service and standing.code = not_yet.municipality_code
    join place on place.code = standing.code
    group by standing.service, place.system
)
select
    waiting.service,
    supply.supplier,
    waiting.system as source_system,
    supply.carries as active,
    waiting.waiting,
    waiting.inhabitants,
    supply.ready as supplier_ready,
    concat(
        supply.said_before,
        case when supply.said_count then if(supply.carries = 1, 'én kommune', concat(supply.carries, ' kommuner')) end,
        supply.said_after, '.'
    ) as supplier_evidence,
    concat(
        supply.said_before_en,
        case when supply.said_count then if(supply.carries = 1, 'one municipality', concat(supply.carries, ' municipalities')) end,
        supply.said_after_en, '.'
    ) as supplier_evidence_en,
    waiting.municipality_codes,
    waiting.synthetic or supply.synthetic as synthetic
from waiting
join supply on supply.service = waiting.service and supply.system = waiting.system
