-- question.nb: Hva het kommunene den gang, og hvilken er de i dag? Delte kommuner har ingen enkelt etterfølger.
-- question.en: What were the municipalities called then, and which is each now? Split ones have no single successor.

select
    month,
    municipality_code,
    reference.name_on(municipality_code, month) as name_then,
    reference.to_now(municipality_code, month) as code_now,
    sum(dispatches) as dispatches,
    bool_or(synthetic) as synthetic
from usage.municipality_month_then
where month = (select min(month) from usage.municipality_month_then)
group by all
order by municipality_code;
