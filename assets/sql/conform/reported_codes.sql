-- the municipality codes that landed adoption rows report, each with what decides its meaning
select
    filename,
    file_row_number,
    producer,
    municipality_code,
    cast(timezone('Europe/Oslo', occurred_at) as date) as day,
    occurred_precision,
    organisation_number,
    note
from landed_adoption
where municipality_code is not null
order by filename, file_row_number -- equal landings give equal answers, in the same order
