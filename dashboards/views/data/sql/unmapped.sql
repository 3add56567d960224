-- Names of source systems that the register lacks. One row per name, most dispatches first.
select source_system, dispatches, share, organisations, last_month, synthetic
from quality.unmapped_system
order by dispatches desc, source_system;
