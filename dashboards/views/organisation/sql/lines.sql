-- What one organisation is to pay for some months, and for the same months of the year before, of the invoice basis. Its
-- accounts are added up. Amounts in øre without VAT; null where no price holds. One row per month and line.
select
    line.month,
    line.service,
    coalesce(product.name_nb, line.service) as name,
    line.price_element,
    case when element.line_text_nb not like '%{%' then element.line_text_nb end as line_text, -- else each invoice says
    element.kind,
    line.channel,
    cast(sum(line.quantity) as decimal(18, 4)) as quantity,
    line.unit,
    line.unit_price,
    line.price_rule,
    any_value(rule.valid_from) as rule_from,
    any_value(rule.source) as rule_source,
    cast(sum(line.amount_ore) as bigint) as amount_ore,
    line.status,
    line.note,
    bool_or(line.synthetic) as synthetic
from ledger.invoice_basis as line
left join reference.product as product on product.service = line.service
left join reference.price_element as element on element.price_element = line.price_element
left join reference.price_rule as rule
    on rule.price_element = line.price_element
    -- of a price that changed within the month, the last
    and string_split(line.price_rule, ' + ')[-1] = concat(
        rule.price_element, '/', rule.valid_from, '/', rule.channel, '/', rule.size_low, '/', rule.customer_kind
    )
where
    line.payer_number = $organisation
    and (
        line.month between $first and $month
        or line.month between cast($first - interval 1 year as date) and cast($month - interval 1 year as date)
    )
group by
    line.month, line.service, product.name_nb, line.price_element, element.line_text_nb, element.kind, line.channel,
    line.unit, line.unit_price, line.price_rule, line.status, line.note
order by line.month desc, lower(name), line.service, line.price_element, line.channel nulls first, line.status, line.unit_price;
