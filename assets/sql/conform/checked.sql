-- landed rows with what SQL cannot see in them
select files.*, findings.rule as finding, findings.detail as finding_detail
from files
left join findings
  on files.filename = findings.filename
 and files.file_row_number = findings.file_row_number
