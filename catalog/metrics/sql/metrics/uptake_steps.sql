-- title.nb: Steg fra avtale til bruk
-- title.en: Steps from agreement to use
-- definition.nb: Kommuner som har signert vedlegget, satt opp, aktivert og tatt tjenesten i bruk. Et steg teller også
--   dem som er kommet lenger.
-- definition.en: Municipalities that have signed the annex, configured, activated and begun to use the service. A step
--   counts those further along as well.
-- unit: kommuner
-- dataset: uptake.funnel

select month, service, area_kind, area, annexed, configured, activated, active, active_basis, synthetic
from uptake.funnel;
