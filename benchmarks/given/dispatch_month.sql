-- made up: three services, every channel and outcome, in one month
select $of as month, number as organisation_number, service, channel, outcome,
    1 + hash(number, service, channel, outcome, $of)::hugeint % 900 as dispatches, 0 as documents, 0 as pages,
    0 as sheets, 0 as bytes, 0 as production_cost_ore, 0 as postage_ore, true as synthetic
from organisation, (select unnest(['svarut', 'svarinn', 'fiks-io']) as service),
    (select unnest(['SVARINN', 'SDP', 'ALTINN', 'NHN', 'PRINT', 'UNKNOWN']) as channel),
    (select unnest(['open', 'delivered', 'failed', 'closed']) as outcome)
