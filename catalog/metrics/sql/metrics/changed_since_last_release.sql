select month, measure, reason, sum(difference) as difference, bool_or(synthetic) as synthetic
from quality.release_diff
group by all;
