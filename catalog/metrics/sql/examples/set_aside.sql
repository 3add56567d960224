-- question.nb: Hva er satt til side, og hvorfor?
-- question.en: What was set aside, and why?

select stream, rule, sum(rows) as rows, any_value(says) as says
from quality.quarantine_summary
group by all
order by rows desc;
