-- question.nb: Hvem skulle ha levert de siste to ukene, men har ikke gjort det?
-- question.en: Who should have delivered in the last two weeks, and has not?

select
    late.producer,
    late.stream,
    late.organisation_number,
    sender.name,
    late.day,
    late.expected_because,
    late.late_days,
    late.synthetic
from quality.expected_reporter as late
left join reference.organisation as sender on sender.organisation_number = late.organisation_number
where late.status = 'MISSING' and late.day > (select as_of::date - 14 from meta.release)
order by late.late_days desc, late.producer, late.organisation_number, late.day;
