-- question.nb: Hvordan regner jeg egne tall på datidens kommuner om til dagens, også der kommuner er delt?
-- question.en: How do I bring figures of municipalities of then to those of now, split ones too?

select
    old.month,
    part.to_code as municipality_code,
    round(sum(old.dispatches * part.weight), 4) as dispatches,
    bool_or(part.estimated or old.estimated) as estimated,
    bool_or(old.synthetic) as synthetic
from usage.municipality_month_then as old, reference.to_now(old.municipality_code, old.month) as part
group by all
order by all;
