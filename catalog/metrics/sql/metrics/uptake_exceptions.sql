-- title.nb: Avvik mellom avtale, bruk og faktura
-- title.en: Exceptions between agreement, use and invoice
-- definition.nb: Virksomheter som bruker uten vedlegg, betaler uten å bruke, bruker uten faktura, eller bruker etter
--   oppsigelse.
-- definition.en: Organisations that use without an annex, pay without use, use without an invoice, or use after they
--   terminated.
-- unit: virksomheter
-- dataset: uptake.exception

select exception, service, count(*) as organisations, bool_or(synthetic) as synthetic
from uptake.exception
group by all;
