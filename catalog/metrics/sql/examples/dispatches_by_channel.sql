-- question.nb: Hvordan fordeler forsendelsene seg på kanal, måned for måned?
-- question.en: How do dispatches fall on channels, month by month?

select month, channel, sum(dispatches) as dispatches
from usage.dispatch_day
group by all
order by month, channel;
