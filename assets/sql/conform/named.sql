-- landed rows with the service that its name stands for, and beside it the name that was sent
select {{rows}}.* replace (coalesce(service_alias.service, {{rows}}.service) as service), {{rows}}.service as service_sent
from {{rows}}
left join service_alias on service_alias.alias = {{rows}}.service
