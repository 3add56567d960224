-- the invoice lines of the cells that differ
select differing.cell, billed.*
from billed
join differing
  on differing.organisation_number = billed.organisation_number
 and differing.service = billed.service and differing.price_element = billed.price_element
 and differing.month = billed.period
