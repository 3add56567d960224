-- title.nb: Kommunens annen bruk
-- title.en: The municipality's other use
-- definition.nb: Oppslag, meldinger, søknader, kontoer og andre mål som kommunens egen virksomhet har hatt i måneden.
--   Dagens inndeling. For følsomme tjenester finnes bare hovedmålet og bestand, og hovedmålet er
--   endret tilfeldig av hensyn til personvernet.
-- definition.en: Look-ups, messages, applications, accounts and other measures of the municipality's own organisation
--   in the month. Division of now. For sensitive services there are only the leading flow and stocks; the flow
--   is changed at random for privacy.
-- unit: målets enhet
-- dataset: usage.municipality_measure_month

select month, municipality_code, service, measure, quantity, perturbed, estimated, synthetic
from usage.municipality_measure_month_now;
