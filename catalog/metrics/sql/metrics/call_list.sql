select service, priority, count(*) as municipalities, sum(inhabitants) as inhabitants
from uptake.not_yet
group by all;
