-- title.nb: Kommune × tjeneste i bruk
-- title.en: Municipality × service in use
-- definition.nb: Hver kommune telles én gang for hver tjeneste den bruker, eller har aktivert der bruk ikke måles.
--   Produkter fra andre er ikke med. Hver tjeneste teller med tallet fra sin siste måned med tall.
-- definition.en: Each municipality counts once for each service it uses, or has activated where use is not measured.
--   Products of others are left out. Each service counts by the number of its last observed month.
-- unit: kommune × tjeneste
-- dataset: uptake.funnel

with seen as (
    select standing.*
    from uptake.funnel as standing
    left join reference.product as product on product.service = standing.service
    where standing.area_kind = 'NO' and not coalesce(product.external, false)
),

asked as (
    select month, service from (select distinct month from seen), (select distinct service from seen)
)

select
    asked.month,
    sum(seen.active)::bigint as in_use,
    count(*) as services,
    bool_or(seen.synthetic) as synthetic
from asked
asof join seen on seen.service = asked.service and seen.month <= asked.month
group by asked.month;
