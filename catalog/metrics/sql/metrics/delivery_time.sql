-- title.nb: Tid til levering
-- title.en: Time to delivery
-- definition.nb: Timer fra forsendelsen ble opprettet til den første gang ble levert: halvparten, ni av ti og 99 av 100
--   var levert innen. Bare forsendelser som er levert. Levert er ikke det samme i hver kanal: mottatt i den digitale
--   postkassen, lastet ned av mottakeren (Altinn, SvarInn, Norsk Helsenett; for meldinger som bare kan leveres
--   digitalt: når de er sendt), skrevet ut, men ikke framme (papir). Sammenlign derfor ikke kanalene. De siste månedene
--   er foreløpige, for noe er ikke levert ennå.
-- definition.en: Hours from creation to first delivery: half, nine of ten and 99 of 100 were delivered within.
--   Delivered dispatches only. Delivered is not the same in each channel: received by the digital mailbox, downloaded
--   by the receiver (Altinn, SvarInn, Norsk Helsenett; for messages that can only be digital: when sent), printed but
--   not there yet (paper). So do not compare channels. Young months are provisional: what is slow is not delivered yet.
-- unit: timer
-- dataset: usage.delivery_time

select month, service, channel, dispatches, p50_hours, p90_hours, p99_hours, provisional, synthetic
from usage.delivery_time;
