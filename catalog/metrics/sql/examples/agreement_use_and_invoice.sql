select exception, organisation, service, months, sentence, synthetic
from uptake.exception
order by exception, months desc, organisation_number, service;
