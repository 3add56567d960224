-- title.nb: Selvkostpris
-- title.en: Self-cost price
-- definition.nb: Prisen som ved ventet bruk dekker kostnadsgrunnlaget, medregnet årets del av tidligere over- eller
--   underskudd. Foreslått pris er den samme, rundet opp. Dagens pris er den som gjelder nå. Lav og høy bruk gir hvert
--   sitt svar.
-- definition.en: The price that at expected use covers the cost base, with the year's part of earlier surplus or
--   deficit. The proposed price is the same, rounded up. Today's price is the one in force. Low and high use give an
--   answer each.
-- unit: kr
-- dataset: ledger.price_calculation

select
    service,
    year,
    price_element,
    scenario,
    self_cost_price,
    current_price,
    proposed_price,
    decided_price,
    cover_with_balance_low_percent,
    cover_with_balance_expected_percent,
    cover_with_balance_high_percent,
    synthetic
from ledger.price_calculation;
