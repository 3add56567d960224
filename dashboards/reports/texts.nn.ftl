### Det rapportane deler med sidene, på nynorsk. Resten står på bokmål.

report-calls-waited = venta { $n } { $noun }
