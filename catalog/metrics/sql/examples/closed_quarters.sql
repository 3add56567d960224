-- question.nb: Hvilke kvartaler er lukket, og hva kom etter at de var lukket?
-- question.en: Which quarters are closed, and what came after they were?

select quarter, status, closed_by, changed_at, release, later_entries, later_ore, synthetic
from ledger.period
order by quarter;
