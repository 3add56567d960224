-- question.nb: Hva er endret siden forrige utgave, i hvilken måned og hvorfor?
-- question.en: What changed since the previous release, in which month and why?

select
    month,
    measure,
    reason,
    sum(difference) as difference,
    count(distinct municipality_code) as municipalities,
    any_value(compared_with) as compared_with,
    bool_or(synthetic) as synthetic
from quality.release_diff
group by all
order by month, measure, reason;
