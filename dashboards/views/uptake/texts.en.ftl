### What the page about uptake says. Bokmål and English, in plain words.

uptake-title = Uptake
uptake-answer-EVENT = { $active } of { $all } { $noun } in { $area } had activated { $service } in { $month }. { $share } of the inhabitants live in them.
uptake-answer-USE = { $active } of { $all } { $noun } in { $area } used { $service } in { $month }. { $share } of the inhabitants live in them.
uptake-change-more = { $n } more than in { $month }
uptake-change-fewer = { $n } fewer than in { $month }
uptake-change-same = as many as in { $month }
uptake-change-first = the first observed month
uptake-change-sentence = That is { $change }{ $gap }.
uptake-change-gap = , the last month that anybody observed before it
uptake-change-gap-basis = , the last month before it that was counted the same way
uptake-change-other-EVENT = not comparable: through { $month }, the activated were counted
uptake-change-other-USE = not comparable: through { $month }, use was counted
uptake-figures = Key figures
uptake-figure-active-EVENT = Municipalities that have activated
uptake-figure-active-USE = Municipalities in use
uptake-n_of_m = { $n } of { $m }
uptake-figure-share = Share of inhabitants
uptake-figure-share-points = { $points } percentage points since { $month }
uptake-figure-left = Municipalities left
uptake-figure-left-words = { $n } inhabitants (1 January { $year })
uptake-figure-left-unknown = the number of inhabitants is missing for { $n } { $noun }
uptake-figure-waiting = Annex without use
uptake-figure-waiting-EVENT = Annex, not activated
uptake-figure-waiting-words = of the municipalities signed, but did not start
uptake-figure-waiting-unknown = missing: no source reports annexes of the service
uptake-figure-network = Network with the highest share
uptake-figure-network-words = { $best }, { $n } of { $m }. Lowest: { $worst }, { $wn } of { $wm }
uptake-step-ANNEX_SIGNED = Annex signed
uptake-step-CONFIGURED = Configured
uptake-step-ACTIVATED = Activated
uptake-step-ACTIVE = In use
uptake-step-STILL = Still activated
uptake-step-inferred = inferred
uptake-step-unmeasured = not yet measured
uptake-funnel-title-EVENT = From agreement to use: { $active } of { $all } { $active ->
        [one] has
       *[other] have
    } activated
uptake-funnel-title-none = From agreement to use: none has the annex without using the service
uptake-funnel-title-USE = From agreement to use: { $lost ->
        [one] { $lost } has
       *[other] { $lost } have
    } the annex without using the service
uptake-funnel-subtitle = Number of municipalities per step, { $month }, { $area }. A step counts those further along as well.
uptake-funnel-inferred = Grey bars are inferred: no source reports the step, but whoever has activated must have taken it.
uptake-funnel-axis = municipalities
uptake-curve-title-none-EVENT = { $service }: not activated by any yet
uptake-curve-title-none-USE = { $service }: not used by any yet
uptake-curve-title-EVENT = { $service }: activated by { $first } { $noun } in { $first_month } and { $last } in { $last_month }
uptake-curve-title-USE = { $service }: used by { $first } { $noun } in { $first_month } and { $last } in { $last_month }
uptake-curve-title-one-EVENT = { $service }: activated by { $last } { $noun } in { $month }
uptake-curve-title-one-USE = { $service }: used by { $last } { $noun } in { $month }
uptake-curve-dashed = Dashed: activated, not measured use.
uptake-curve-subtitle-EVENT = Municipalities that have activated, per month, { $area }.
uptake-curve-subtitle-USE = Municipalities in use, per month, { $area }.
uptake-curve-gap = Not observed
uptake-curve-gaps = Not observed: { $gaps }. These are gaps in the source, not zero.
uptake-curve-external = { $name } (of others, to compare)
uptake-curve-chosen = Service
uptake-curve-words = Curve of { $service }, { $basis }: { $first } { $noun } in { $first_month }, { $last } in { $last_month }.
uptake-curve-words-external = To compare, { $name } has { $n } in { $month }.
column-active = Have the service
column-active_basis = Counted by
value-active_basis-USE = measured use
value-active_basis-EVENT = notice of activation
uptake-launched-title = From launch: { $said }
uptake-launched-subtitle = Municipalities that have the service, { $area }, by years. Year 0 is the launch; where the product register does not know it, the first month that a municipality had the service. Each line is a service; { $name } is highlighted. A line that falls at once may have gone from activated to measured use.
uptake-launched-axis = years since launch
uptake-launched-since = Since launch
uptake-launched-after = { $months ->
        [one] { $months } month
       *[other] { $months } months
    }
uptake-launched-none = no municipality has had the service yet
uptake-launched-words-oldest = { $name } has { $active } { $noun } after { $months ->
        [one] { $months } month
       *[other] { $months } months
    }; none is older
uptake-launched-words = { $name } has { $active } { $noun } after { $months ->
        [one] { $months } month
       *[other] { $months } months
    }; { $further } of { $older ->
        [one] { $older } older service
       *[other] { $older } older services
    } had come further by then
uptake-funnel-words = From agreement to use of { $service } in { $month }, of { $all } { $noun }: { $steps }.
uptake-source = Source: { $source }, release { $release }.
uptake-table-title = The networks: { $best } has come furthest with { $service }, { $n } of { $m ->
        [one] { $m } municipality
       *[other] { $m } municipalities
    }
uptake-table-title-none = Services per network
uptake-table-subtitle = Municipalities that have the service, of those in the network, in the last observed month up to { $month }. Darker means a higher share; the number says the same. { $missing ->
        [one] { $missing } service is
       *[other] { $missing } services are
    } left out because no source reports their uptake.
uptake-table-synthetic = Rows marked “synthetic” were made by a simulator.
uptake-table-caption = Municipalities that have the service, of all in the network
uptake-table-basis-EVENT = activated
uptake-table-basis-USE = in use
uptake-table-basis-BOTH = in use or activated
compared-more = { $n } more than
compared-fewer = { $n } fewer than
compared-same = as many as
uptake-figure-year = { $change } a year before
uptake-figure-year-some = { $change } a year before ({ $k } of { $all } services compare)
uptake-figure-year-none = not comparable with the year before
uptake-table-networks = Membership is derived from the counties that the networks cover. Not confirmed to exist, or only mentioned: { $unsure }. Parts of networks are found in the choice of area, not in the table.
uptake-off_list = { $names } stood on the source's list before, but not on the latest. Whether the service is still activated there was not observed, and { $n ->
        [one] { $n } the municipality is
       *[other] { $n } they are
    } not counted.
uptake-off_list-split = { $names }: counted as an estimate, as the source tells of the municipality before it was split.
uptake-lacking-title = Deliveries are missing
uptake-lacking = A delivery that was expected is missing for { $n } { $noun } (the latest { $day }).
uptake-lacking-none = A gap is not zero use. None of them stands as not in use in { $month }.
uptake-lacking-mark = no delivery since { $day }
uptake-table-region = Scrollable table: municipalities per service and network
uptake-lacking-listed = A gap is not zero use: { $n } { $noun } { $n ->
        [one] stands
       *[other] stand
    } as not in use in { $month }, and may have used the service all the same.
uptake-lacking-later = After { $month }, a delivery that was expected is missing for { $n } { $noun } (the latest { $day }). It does not touch the numbers of that month.
forecast-sentence = Expected in { $month }: { $expected } of { $all } { $noun } (between { $low } and { $high }).
forecast-missed = Tried { $n ->
        [one] { $n } month
       *[other] { $n } months
    } ahead on months that were held out, the method was off by { $error }; the last value would have been by { $last_value }, the mean of the last year by { $mean }.
forecast-missed-known = Tried on months that are known, the method was off by { $error }.
forecast-error-small = below 1%
forecast-drawn = Dotted line with a band: expected, from low to high, its last number below.
forecast-open = Show the forecast as a table, and download
forecast-caption = Municipalities expected to have the service, by month
forecast-expected = Expected
forecast-between = Between
forecast-few = No forecast: only { $n } { $noun } in a row observed the same way; at least { $least } are needed.
forecast-old = No forecast: the last observed month, { $month }, is too old.
forecast-beaten = No forecast: in months that were held out, the method beat neither the last value nor the mean.
forecast-not_in_release = No forecast: release { $release } is older than the forecasts.
calls-title = Call list: { $n } { $noun } not begun with { $service }, { $first } of priority 1
calls-title-none_first = Call list: { $n } { $noun } not begun with { $service }
calls-closed = The call list shows which systems municipalities use. It is for the networks, of their own members, and for DIF. Choose your own network under “Area”.
calls-title-plain = Call list
calls-subtitle = { $area }, as it stood in { $month }.
calls-subtitle-use = { $area }: steps as they stood in { $month }, begun or not as it stood in { $active }.
calls-order = By priority, then longest wait, then most inhabitants.
calls-open_month = { $of } is not over, so the list may differ from the numbers of { $month } above.
calls-none = No municipality in { $area } is on the call list of { $service }.
calls-older = The call list and the suppliers are of the last month, not of { $month }. [See them with the numbers of { $last }]({ $link }).
calls-not_in_release = Release { $release } is older than the call list. It comes with the next release.
calls-lacking = Marked “no delivery” in the list: { $n } { $noun }, which may have used the service all the same.
calls-wait = There is no wait (.) without a step, after termination, nor for one that has activated: its last use is not known here. Where a step is known only as “no later than”, the wait is missing (..).
calls-follow_up-title = How to register a follow-up
calls-follow_up = The network gets its list as a form, fills it in and sends it back. From the next release on, the follow-up is in the list, and those who declined or are not relevant are out of it.
calls-follow_up-commands = How the form is made, and how it is taken in:
calls-follow_up-network = NETWORK
calls-follow_up-file = follow-up.xlsx
calls-caption = Municipalities on the call list (scroll sideways for contact and follow-up)
calls-region = Scrollable table: the call list
calls-why = Why it is on the list
calls-priority = Priority { $n }
calls-change-none = Nothing new
declined = Declined: { $no }. Not relevant: { $not_relevant }. They are not on the call list.
declined-none = Nobody has declined.
follow_up-KONTAKTET = contacted
follow_up-PLANLAGT = planned
follow_up-on = { $status } { $day }
follow_up-none = None
ready-YES = Yes
ready-NO = Not yet
ready-UNKNOWN = Not known
suppliers-title = One call that opens many: { $supplier } has { $n } { $noun } that wait for { $service }
suppliers-title-none = Suppliers: one call that opens many
suppliers-subtitle = The systems that most waiting municipalities of { $area } were seen with in twelve months.
suppliers-none = None of those waiting in { $area } was seen with a known system in twelve months. So nobody knows which supplier may open for more.
suppliers-untold = No connection tells of { $service }: it is not measured by system. So nobody knows which supplier may open for more.
suppliers-caption = Suppliers and who waits
suppliers-region = Scrollable table: suppliers and who waits
suppliers-supplier = Supplier and system
suppliers-waiting = Municipalities that wait
suppliers-active = Have the service, the country
month-one = month
month-many = months
standing-ACTIVATED-USE = Activated, not used for 90 days
standing-ACTIVATED-EVENT = Activated before, not now
standing-CONFIGURED = Configured
standing-ANNEX_SIGNED = Annex signed
standing-SUSPENDED = Suspended
standing-NOT_LISTED = Not on the source's latest list
standing-TERMINATED = Terminated
standing-NONE = No step registered
made-active-EVENT = **Activated**: a source has reported that the municipality was connected, and not that it was disconnected. It is not the same as use.
made-active-USE = **In use**: the municipality used the service at least once within 90 days.
made-lacking = **No delivery**: the newest delivery that was expected about the municipality in the 90 days has not come. What is expected follows from what the organisation usually delivers. Whether the service was used is then unknown.
made-share = **Share of inhabitants**: inhabitants of municipalities that have the service, of all in the area, on 1 January.
made-left = **Left**: municipalities of the area, in the division of now (2024), without the service.
made-steps = **Steps**: annex signed, configured, activated, in use. A step counts those further along as well.
made-priority = **Priority**: 1 has the annex or is configured, without use; 2 has a supplier that is ready, and one of the ten most similar has begun; 3 has a supplier that is ready; 4 is the rest.
made-ready = **Is the supplier ready**: yes where the municipality was seen with the supplier's system in twelve months, and that carries the service for three others or more, or the register says so; not yet where the register says that support comes later; else not known.
made-forecast = **Forecast**: by the method that did best when tried on months that are known. Its error is the sum of the errors over the sum of the actual figures, in months that took no part in choosing. A method that beats neither the last value nor the mean is not shown.
made-comparison = **Comparison**: the same month a year before, or the last observed month before where nobody observed it. Only months counted the same way are compared.
made-limits = Months that nobody observed are missing (`..`), not zero. The first time a source is seen, a municipality may have been connected for longer: the wait is then unknown. Municipalities are those of now; older codes have been carried there.
