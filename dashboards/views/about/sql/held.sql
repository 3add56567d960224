-- How much of the release rests on simulated numbers. One row.
select count(*) as datasets, count(*) filter (where synthetic) as synthetic
from meta.dataset;
