-- What each price element is called: as on the invoice, or by its id where that has places to fill or names several. One
-- row per price element.
select
    price_element,
    case when line_text_nb like '%{%' or count(*) over (partition by service, line_text_nb) > 1 then price_element
        else coalesce(line_text_nb, price_element) end as element
from reference.price_element
