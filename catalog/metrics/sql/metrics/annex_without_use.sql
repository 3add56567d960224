-- title.nb: Vedlegg uten bruk
-- title.en: Annex without use
-- definition.nb: Kommuner som har signert vedlegget eller er kommet lenger, men ikke har tjenesten i bruk. Der bruk
--   ikke måles, er det de som ikke har aktivert den.
-- definition.en: Municipalities that have signed the annex or come further, without the service in use. Where use is
--   not measured, those that have not activated it.
-- unit: kommuner
-- dataset: uptake.funnel

select month, service, area_kind, area, annexed - active as annex_without_use, active_basis, synthetic
from uptake.funnel;
