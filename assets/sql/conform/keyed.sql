select producer, {{key}}, taken.*, synthetic
from versions
where versions = 1
