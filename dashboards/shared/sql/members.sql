-- The municipalities of an area now, by name. One row per municipality.
with area_member as (
{area_member})

select code, name
from area_member
order by name collate no;
