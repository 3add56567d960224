-- Who delivers, or should. One row per organisation, by name.
select
    known.organisation_number,
    coalesce(any_value(sender.name), known.organisation_number) as organisation
from (
    select distinct organisation_number
    from quality.expected_reporter
) as known
left join reference.organisation as sender on sender.organisation_number = known.organisation_number
group by known.organisation_number
order by organisation, known.organisation_number;
