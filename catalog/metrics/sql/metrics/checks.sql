select dataset, count(*) as checks, count(*) filter (where passed) as passed
from quality.check_result
group by all;
