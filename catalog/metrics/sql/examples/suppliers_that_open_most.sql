-- question.nb: Hvilken leverandør åpner for flest kommuner med én samtale?
-- question.en: Which supplier opens for most municipalities by one call?

select
    supplier,
    source_system,
    service,
    waiting,
    inhabitants,
    active,
    supplier_ready,
    supplier_evidence,
    synthetic
from uptake.supplier_gap
order by waiting desc, inhabitants desc, source_system, service;
