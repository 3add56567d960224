select
    service,
    month,
    income_ore,
    cost_brukerstotte_ore + cost_drift_ore + cost_forvaltning_ore + cost_administrasjon_ore + allocated_ore as cost_base_ore,
    self_cost_percent,
    synthetic
from ledger.product_month;
