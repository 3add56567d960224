-- How many should have delivered in the four weeks up to the day of the release, and how many have not. One row.
select
    count(distinct organisation_number) filter (where expected and status <> 'NOT_YET_DUE') as organisations,
    count(distinct organisation_number) filter (where status = 'MISSING') as lacking,
    coalesce(bool_or(synthetic), false) as synthetic
from quality.expected_reporter
where day > $through - 28 and day <= $through;
