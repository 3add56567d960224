-- every landed row of a month is in exactly one place
select stream, month, landed, conformed + superseded + quarantined + held + withdrawn as accounted
from accounting
where landed <> conformed + superseded + quarantined + held + withdrawn
