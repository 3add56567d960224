-- title.nb: Utestående lån
-- title.en: Outstanding loans
-- definition.nb: Trukket minus nedbetalt og ettergitt, for hvert prosjekt ved utgangen av måneden. Nedbetalt regnes fra
--   nedbetalingen er ført; ved siden av står det som er fakturert og ikke nedbetalt, og saldoen uten det.
-- definition.en: Drawn less repaid and written off, for each project at the end of the month. Repaid counts from the
--   booked repayment; beside it is what is invoiced and not repaid, and the balance without it.
-- unit: øre
-- dataset: ledger.loan_month

select
    project,
    service,
    month,
    granted_ore,
    balance_ore,
    invoiced_not_repaid_ore,
    balance_by_invoice_ore,
    payoff_month_low,
    payoff_month_expected,
    payoff_month_high,
    synthetic
from ledger.loan_month;
