-- question.nb: Hvor mange forsendelser hadde kommunene i hvert nettverk (medlemmene fra 2024), måned for måned?
-- question.en: How many dispatches did the municipalities of each network (members from 2024) have, month by month?

select
    sent.month,
    member.network_id,
    sum(sent.dispatches) as dispatches,
    count(distinct sent.municipality_code) as municipalities,
    bool_or(sent.synthetic) as synthetic
from
    usage.municipality_month_now as sent,
    reference.networks_on(sent.municipality_code, greatest(sent.month, date '2024-01-01')) as member
group by all
order by all;
