select service, supplier, source_system, waiting, active, supplier_ready, synthetic from uptake.supplier_gap;
