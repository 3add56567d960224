-- the entries of one original month, service, project, account and category, wherever they are booked, the largest first
select entry.*
from entry
where original_period = $original_period
  and service is not distinct from $service
  and project is not distinct from $project
  and account = $account
  and category is not distinct from $category
order by abs(amount_ore) desc, source_stream, producer, source_key, period
