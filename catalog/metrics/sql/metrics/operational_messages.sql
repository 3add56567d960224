-- title.nb: Driftsmeldinger
-- title.en: Operational messages
-- definition.nb: Meldinger om drift som ble lagt ut i måneden, etter type og årsak. Meldinger som overlapper, er én. En
--   meldings tid er ikke en feils tid: den sier når meldingen sto, ikke når noe var nede. Få meldinger er heller ikke
--   få feil, for mye ble meldt på andre måter.
-- definition.en: Messages on operation that were put up in the month, by kind and cause. Messages that overlap are one.
--   A message's time is not a fault's: it tells when the message stood, not when anything was down. Nor are few
--   messages few faults, since much was told in other ways.
-- unit: meldinger
-- dataset: usage.stability_month

select month, service, kind, cause, episodes, synthetic
from usage.stability_month
where episodes > 0;
