-- title.nb: Annen bruk
-- title.en: Other use
-- definition.nb: Oppslag, meldinger, søknader, kontoer og andre mål, for hele landet. For følsomme tjenester er
--   landstallet endret tilfeldig av hensyn til personvernet, uavhengig av tallene for kommunene. Det kommer sju
--   virkedager etter månedens slutt.
-- definition.en: Look-ups, messages, applications, accounts and other measures, for the whole country. For sensitive
--   services the national figure is changed at random for privacy, separately from those of the municipalities. It
--   comes seven working days after the month.
-- unit: målets enhet
-- dataset: usage.measure_total_month

select month, service, measure, quantity, perturbed, organisations, synthetic
from usage.measure_total_month;
