-- where dispatches that lie in several months were first told of in each
select
    twice.producer, twice.dispatch_id, twice.month,
    arg_min(replace(parse_filename(filename, true), '%2e', '.'), (journal_number << 32) + file_row_number) as batch_id,
    count(*) as rows,
    bool_or(synthetic) as synthetic
from landed_of_months
join (select producer, dispatch_id, unnest(months) as month, months from several) as twice
  on twice.producer = landed_of_months.producer and twice.dispatch_id = landed_of_months.dispatch_id
 and twice.month = cast(date_trunc('month', timezone('Europe/Oslo', created_at)) as date)
group by all
