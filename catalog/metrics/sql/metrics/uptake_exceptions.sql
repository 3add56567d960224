select exception, service, count(*) as organisations, bool_or(synthetic) as synthetic
from uptake.exception
group by all;
