-- landed rows, each with a number of its own: by the batch's turn in the journal, then by its row in the batch
select *, (journal_number << 32) + file_row_number as locator
from files
