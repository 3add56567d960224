-- title.nb: Timer med driftsmelding
-- title.en: Hours with an operational message
-- definition.nb: Timer av måneden da minst én driftsmelding om tjenesten sto. En meldings tid er ikke en feils tid: den
--   sier når meldingen sto, ikke når noe var nede. Få meldinger er heller ikke få feil, for mye ble meldt på andre
--   måter.
-- definition.en: Hours of the month in which at least one message about the service stood. A message's time is not a
--   fault's: it tells when the message stood, not when anything was down. Nor are few messages few faults, since much
--   was told in other ways.
-- unit: timer
-- dataset: usage.stability_month

select month, service, kind, cause, hours_shown, synthetic
from usage.stability_month;
