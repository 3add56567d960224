-- question.nb: Hva stemmer ikke mellom avtale, bruk og faktura?
-- question.en: What does not add up between agreement, use and invoice?

select exception, organisation, service, months, sentence, synthetic
from uptake.exception
order by exception, months desc, organisation_number, service;
