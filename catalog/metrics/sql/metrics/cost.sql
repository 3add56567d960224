-- title.nb: Kostnad
-- title.en: Cost
-- definition.nb: Brukerstøtte, drift, forvaltning og administrasjon, med fordelt felleskostnad, uten merverdiavgift.
--   Utvikling med et prosjekt er ikke med.
-- definition.en: User support, operation, maintenance and administration, with allocated shared cost, without VAT.
--   Development with a project is left out.
-- unit: øre
-- dataset: ledger.product_month

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
