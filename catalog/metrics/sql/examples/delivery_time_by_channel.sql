-- question.nb: Hvor lang tid går det før halvparten, ni av ti og 99 av 100 er levert, i hver kanal? Levert er ikke det
--   samme i dem: se metrikken delivery_time.
-- question.en: How long until half, nine of ten and 99 of 100 are delivered, in each channel? Delivered is not the same
--   in them: see the metric delivery_time.

select month, service, channel, dispatches, p50_hours, p90_hours, p99_hours, provisional, synthetic
from usage.delivery_time
where month = (select through_month from meta.release)
order by service, channel;
