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
