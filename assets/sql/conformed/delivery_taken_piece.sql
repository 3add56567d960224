-- how many took how long
select
    service, channel, epoch_us(first_delivered_at) - epoch_us(created_at) as took_us,
    count(*) as dispatches, bool_or(synthetic) as synthetic
from conformed_dispatch
where first_delivered_at is not null
  and service not in ({{sensitive}})
group by all
