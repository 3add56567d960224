-- question.nb: Hvilke tilkoblingspriser stemmer ikke med nedbetalingen av lånet, og hvor mange kroner er det?
-- question.en: Which joining fees do not tie with the repayment of the loan, and by how many kroner?

select
    invoice_id,
    reason,
    service,
    project,
    period,
    fee_ore * 0.01 as fee_kr,
    repaid_ore * 0.01 as repaid_kr,
    difference_ore * 0.01 as difference_kr,
    synthetic
from ledger.joining_fee_gap
order by abs(difference_ore) desc, invoice_id;
