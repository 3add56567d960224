-- landed invoice lines with the service and price element that the seller's item, or else the name, stands for
select
    {{rows}}.* replace (
        coalesce(invoice_item.service, service_alias.service, {{rows}}.service) as service,
        coalesce(invoice_item.price_element, {{rows}}.price_element) as price_element
    ),
    {{rows}}.service as service_sent
from {{rows}}
left join service_alias on service_alias.alias = {{rows}}.service
left join invoice_item on invoice_item.item = {{rows}}.price_element
