select
    service,
    month,
    cost_brukerstotte_ore,
    cost_drift_ore,
    cost_forvaltning_ore,
    cost_administrasjon_ore,
    allocated_ore,
    synthetic
from ledger.product_month;
