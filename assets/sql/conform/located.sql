-- landed rows, each with a number of its own: which file, and which row in it
select files.*, (numbered.file_number << 40) + files.file_row_number as locator
from files
join numbered using (filename)
