-- title.nb: Kommuner i bruk
-- title.en: Municipalities active
-- definition.nb: Kommuner i dagens inndeling med bruk av tjenesten de siste 90 dagene. Der tjenesten ikke måles, teller
--   aktiverte; da står «aktivert». Er to måneder fra hver sin kilde, som for Fiks Digisos, er forskjellen mellom dem et
--   anslag.
-- definition.en: Municipalities of now with use of the service within 90 days. Where it is not measured, activated ones
--   count, and are called so. Where two months are of different sources, as of Fiks Digisos, their difference is
--   estimated.
-- unit: kommuner
-- dataset: uptake.funnel

with split as (
    select month, service, bool_or(estimated) as estimated
    from uptake.status_month
    where active and customer_kind = 'MUNICIPALITY'
    group by all
)

select month, service, active, active_basis, coalesce(split.estimated, false) as estimated, synthetic
from uptake.funnel
left join split using (month, service)
where area_kind = 'NO';
