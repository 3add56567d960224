-- What a dataset was checked for. One row per check: those that failed first, then by name.
select check_name, passed, unexpected, examined, detail
from quality.check_result
where dataset = $dataset
order by passed, check_name;
