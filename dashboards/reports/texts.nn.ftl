### Det rapportane deler med sidene, på nynorsk.

report-calls-waited = venta { $n } { $noun }
