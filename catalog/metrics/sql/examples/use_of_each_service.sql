-- question.nb: Hvor mange kommuner bruker (USE) eller har aktivert (EVENT) hver tjeneste i siste hele måned?
-- question.en: How many municipalities use (USE) or have activated (EVENT) each service in its last whole month?

select service, month, active, active_basis, municipalities, synthetic
from uptake.funnel
where area_kind = 'NO' and month < (select date_trunc('month', as_of) from meta.release)
qualify month = max(month) over (partition by service)
order by active desc;
