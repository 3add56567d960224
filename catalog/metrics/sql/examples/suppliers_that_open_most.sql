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
