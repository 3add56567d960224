-- the rows that the journal says were landed are the rows that conform saw
select stream, journal.rows as journal_rows, seen.rows as seen_rows
from (select stream, sum(rows) as rows from batch group by all) as journal
full join (select stream, sum(landed) as rows from accounting group by all) as seen using (stream)
where journal.rows is distinct from seen.rows
