select
    $month as month, producer, service, measure, day, organisation_number, account_id, source,
    quantity, reported_at, first_received_at
from conformed_anew
