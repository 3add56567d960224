-- The prices decided that hold in some year, or begin after it. One row per price, as the price list has it.
select
    rule.service,
    product.name_nb as service_name,
    rule.price_element,
    element.line_text_nb,
    rule.customer_kind,
    rule.size_low,
    rule.size_high,
    rule.channel,
    rule.amount,
    rule.unit,
    rule.valid_from,
    rule.valid_to,
    rule.valid_from >= make_date($year::integer, 1, 1) as decided_for_the_year,
    rule.source,
    rule.synthetic
from reference.price_rule as rule
left join reference.price_element as element on element.price_element = rule.price_element
left join reference.product as product on product.service = rule.service
where
    ($service is null or rule.service = $service)
    and (rule.valid_to is null or rule.valid_to >= make_date($year::integer, 1, 1))
order by rule.service, rule.price_element, rule.customer_kind, rule.size_low, rule.channel, rule.valid_from;
