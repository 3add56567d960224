-- the keys that new rows of the month speak of
select distinct producer, {{key}}
from new
where {{in_month}} and {{not_held}}
