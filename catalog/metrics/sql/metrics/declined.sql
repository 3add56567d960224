select service, follow_up, count(*) as municipalities, bool_or(synthetic) as synthetic
from uptake.declined
group by all;
