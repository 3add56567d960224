select
    service,
    year,
    months,
    income_ore,
    base_ore,
    coverage_percent,
    self_cost_ratio_percent,
    closing_ore,
    synthetic
from ledger.self_cost_year;
