-- what was last done about each municipality of now and service. A row on an older code counts where that code became
-- one municipality whole; of several rows the one on the code of now goes first, then the latest
with way as (
    select from_code, min(to_code) as code from municipality_to_now group by from_code having count(distinct to_code) = 1
)
select follow_up.service, way.code, follow_up.status, follow_up.followed_up_on, follow_up.note
from follow_up
join way on way.from_code = follow_up.municipality_code
qualify row_number() over (
    partition by follow_up.service, way.code
    order by way.from_code <> way.code, follow_up.followed_up_on desc nulls last, way.from_code
) = 1
