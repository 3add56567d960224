select quarter, status, closed_by, changed_at, release, later_entries, later_ore, synthetic
from ledger.period
order by quarter;
