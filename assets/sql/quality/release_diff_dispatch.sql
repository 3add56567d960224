select $month as month, producer, dispatch_id, organisation_number, service, created_at, first_received_at
from conformed_anew
