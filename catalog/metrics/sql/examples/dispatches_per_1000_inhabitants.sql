-- question.nb: Hvor mange forsendelser hadde hver kommune i siste hele måned, per 1 000 innbyggere?
-- question.en: How many dispatches per 1 000 inhabitants did each municipality have in the last whole month?

select
    municipality_code,
    sum(dispatches) as dispatches,
    round(sum(dispatches) * 1000 / any_value(inhabitants), 4)::decimal(18, 4) as per_1000_inhabitants,
    bool_or(synthetic) as synthetic
from usage.municipality_month_now
where month = (select through_month from meta.release)
group by all
order by per_1000_inhabitants desc;
