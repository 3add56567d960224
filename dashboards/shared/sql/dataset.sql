-- The first rows of a dataset, as they lie. One row per row of it.
select *
from {dataset}
limit $most;
