-- The release, and the one before it. One row.
select release, parent, as_of
from meta.release;
