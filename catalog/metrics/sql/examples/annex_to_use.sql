-- question.nb: Hvor lang tid går det fra vedlegg til bruk, og hvor mange har sluttet å bruke tjenesten?
-- question.en: How long from annex to use, and how many fell silent?

select service, month, median_days_annex_to_use, days_known, dormant, active, annexed, synthetic
from uptake.funnel
where area_kind = 'NO' and month < (select date_trunc('month', as_of) from meta.release)
qualify month = max(month) over (partition by service)
order by service;
