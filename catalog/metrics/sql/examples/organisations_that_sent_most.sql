-- question.nb: Hvilke virksomheter sendte mest i siste hele måned?
-- question.en: Which organisations sent the most in the last whole month?

select
    sent.organisation_number,
    sender.name,
    sum(sent.dispatches) as dispatches,
    sum(if(sent.outcome = 'failed', sent.dispatches, 0)) as failed,
    bool_or(sent.synthetic) as synthetic
from usage.dispatch_month as sent
left join reference.organisation as sender on sender.organisation_number = sent.organisation_number
where sent.month = (select through_month from meta.release)
group by all
order by dispatches desc, sent.organisation_number
limit 20;
