-- title.nb: Kommuner som har sluttet å bruke tjenesten
-- title.en: Municipalities that fell silent
-- definition.nb: Kommuner i dagens inndeling som står med tjenesten og har brukt den før, men ikke de siste 90 dagene.
--   Tallet finnes bare der bruk måles.
-- definition.en: Municipalities of now that stand on the service and used it before, but not within 90 days. Known only
--   where use is measured.
-- unit: kommuner
-- dataset: uptake.funnel

select month, service, dormant, synthetic from uptake.funnel where area_kind = 'NO' and dormant is not null;
