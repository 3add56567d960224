-- title.nb: Selvkostpris
-- title.en: Self-cost price
-- definition.nb: Prisen som dekker kostnadsgrunnlaget ved ventet bruk. Foreslått pris er den samme, avrundet. Dagens
--   pris er den som gjelder nå. Lav og høy bruk gir hvert sitt svar.
-- definition.en: The price that covers the cost base at expected use. The proposed price is the same, rounded. Today's
--   price is the one in force. Low and high use give an answer each.
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
