-- the systems that municipalities were seen with in twelve months, by service; a number that ended counts for its
-- successor. Code is null for others than municipalities, system where the name is not mapped
select
    place.municipality_code as code,
    connection_month.service,
    connection_month.system,
    -- of several spellings the first
    min(connection_month.supplier) as supplier,
    max(connection_month.month) as month,
    bool_or(connection_month.synthetic or coalesce(place.synthetic, false)) as synthetic
from connection_month
left join organisation as sender on sender.organisation_number = connection_month.organisation_number
left join organisation as place
  on place.organisation_number = coalesce(sender.successor_number, sender.organisation_number) and place.kind = 'MUNICIPALITY'
where connection_month.month > $through::date - interval 12 month
  -- a row that is there whatever was sent says nothing
  and connection_month.dispatches <> '0-9'
group by all
