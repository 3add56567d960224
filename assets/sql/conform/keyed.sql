select producer, {{key}}, taken.*, first_received_at, synthetic
from versions
where versions = 1
