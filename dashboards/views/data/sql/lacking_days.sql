-- What came of each of the four weeks' days, of some organisations: the worst of what was expected about it. Days that
-- nothing was expected about and nothing came of have no row. One row per organisation and day, in that order.
select
    organisation_number,
    day,
    case
        when bool_or(status = 'MISSING') then 'MISSING'
        when bool_or(status = 'LATE') then 'LATE'
        when bool_or(status = 'NOT_YET_DUE') then 'NOT_YET_DUE'
        else 'RECEIVED'
    end as status
from quality.expected_reporter
where day > $through - 28 and day <= $through
    and ($stream is null or stream = $stream)
    and list_contains($organisations, organisation_number)
group by organisation_number, day
order by organisation_number, day;
