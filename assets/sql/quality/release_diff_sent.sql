select distinct organisation_number, service
from sent_earlier
