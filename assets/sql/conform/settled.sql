-- how many keys are in force, and how many of their rows another one stands for
select count(*) as conformed, coalesce(sum(rows - 1), 0) as superseded
from versions
where versions = 1
