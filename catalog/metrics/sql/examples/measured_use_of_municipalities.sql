-- question.nb: Hvor mye bruker hver kommune av det som ikke er forsendelser, i siste hele måned?
-- question.en: How much does each municipality use other than dispatches, in the last whole month?

select
    customer.municipality_code,
    used.service,
    used.measure,
    sum(used.quantity) as quantity,
    bool_or(used.perturbed) as perturbed,
    bool_or(used.synthetic) as synthetic
from usage.measure_month as used
join reference.organisation as customer on customer.organisation_number = used.organisation_number
where customer.kind = 'MUNICIPALITY' and used.month = (select through_month from meta.release)
group by all
order by all;
