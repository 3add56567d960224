-- Datasets of the ledgers that differ from the release before, by rows and by sums of amounts, counts and quantities. One row
-- per dataset and column; no column: its rows.
select dataset, coalesce(column_name, '') as column_name, unit, before, after, difference, removed, added, synthetic
from ledger.release_diff_dataset
order by dataset, column_name;
