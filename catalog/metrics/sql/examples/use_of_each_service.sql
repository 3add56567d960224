select service, month, active, active_basis, municipalities, synthetic
from uptake.funnel
where area_kind = 'NO' and month < (select date_trunc('month', as_of) from meta.release)
qualify month = max(month) over (partition by service)
order by active desc;
