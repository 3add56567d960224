### What the page about uptake says. Bokmål and English, in plain words.

uptake-title = Uptake
uptake-answer-EVENT = { $active } of { $all } { $noun } in { $area } had activated { $service } in { $month }.
uptake-answer-USE = { $active } of { $all } { $noun } in { $area } had { $service } in use in { $month }.
uptake-share-over = Over 99%
uptake-share-under = Under 1%
uptake-answer-share = { $share } of the inhabitants live there.
uptake-change-more = { $n } more than in { $month }
uptake-change-fewer = { $n } fewer than in { $month }
uptake-change-same = as many as in { $month }
uptake-change-first = the first month with numbers
uptake-change-sentence = That is { $change }{ $gap }.
uptake-change-gap = , the last month before it with numbers
uptake-change-gap-basis = , the last month before it that was counted the same way
uptake-change-list = . The source is another one now, so the difference is an estimate
uptake-figure-estimated = { $change }; an estimate, as the source is another one now
uptake-change-other-EVENT = not comparable: through { $month }, the activated were counted
uptake-change-other-USE = not comparable: through { $month }, use was counted
uptake-figures = Key figures
uptake-figure-active-EVENT = Municipalities that have activated the service
uptake-figure-active-USE = Municipalities using the service
uptake-n_of_m = { $n } of { $m }
uptake-figure-share = Share of inhabitants
uptake-figure-share-same = unchanged since { $month }
uptake-figure-share-points = { $points } percentage points since { $month }
uptake-figure-left = Municipalities remaining
uptake-figure-left-words = { $n } inhabitants (1 January { $year })
uptake-figure-left-unknown = population missing for { $n } { $noun }
uptake-figure-waiting = Signed, not in use
uptake-figure-waiting-EVENT = Annex, not activated
uptake-figure-waiting-words = signed, but have not started
uptake-figure-waiting-unknown = missing: no source reports annexes
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
uptake-funnel-title-none = From agreement to use: all with the annex use the service
uptake-funnel-title-USE = From agreement to use: { $lost ->
        [one] { $lost } has
       *[other] { $lost } have
    } the annex without using the service
uptake-funnel-subtitle = Municipalities per step, { $month }, { $area }. Each step includes those further along.
uptake-funnel-inferred = Grey bars are inferred: no source reports the step, but a municipality that has activated must have taken it.
uptake-funnel-axis = municipalities
uptake-curve-title-none-EVENT = { $service }: not activated by anyone yet
uptake-curve-title-none-USE = { $service }: not used by anyone yet
uptake-curve-title-EVENT = { $service }: activated by { $first } { $noun } in { $first_month } and { $last } in { $last_month }
uptake-curve-title-USE = { $service }: in use in { $first } { $noun } in { $first_month } and { $last } in { $last_month }
uptake-curve-title-same-EVENT = { $service }: activated by { $last } { $noun } in { $last_month }, as many as in { $first_month }
uptake-curve-title-same-USE = { $service }: in use in { $last } { $noun } in { $last_month }, as many as in { $first_month }
uptake-curve-title-one-EVENT = { $service }: activated by { $last } { $noun } in { $month }
uptake-curve-title-one-USE = { $service }: in use in { $last } { $noun } in { $month }
uptake-curve-dashed = Dashed: activated, not measured use.
uptake-curve-subtitle-EVENT = Municipalities that have activated the service, per month, { $area }.
uptake-curve-subtitle-USE = Municipalities using the service, per month, { $area }.
uptake-curve-gap = No numbers
uptake-curve-gaps = No numbers: { $gaps }. Missing numbers do not mean zero use.
uptake-curve-external = { $name } (another party’s service)
uptake-curve-chosen = Service
uptake-curve-words = Curve of { $service }, { $basis }: { $first } { $noun } in { $first_month }, { $last } in { $last_month }.
uptake-curve-words-external = For comparison, { $name } has { $n } in { $month }.
column-active = Have the service
column-active_basis = Counted by
value-active_basis-USE = measured use
value-active_basis-EVENT = notice of activation
uptake-launched-subtitle = Municipalities that have the service, { $area }, by years since launch. Where the launch is unknown, it counts from the first month that a municipality had the service. { $name } is highlighted. A line breaks where the count goes from activated to measured use.
uptake-launched-axis = years since launch
uptake-launched-since = Since launch
uptake-launched-after = { $months ->
        [one] { $months } month
       *[other] { $months } months
    }
uptake-launched-none = Since launch: no municipality has had the service yet
uptake-launched-words-oldest = { $months ->
        [one] One month
       *[other] { $months } months
    } after launch, { $name } has { $active } { $noun }. No service is older
uptake-launched-words = { $months ->
        [one] One month
       *[other] { $months } months
    } after launch, { $name } has { $active } { $noun }. { $further ->
        [0] None
       *[other] { SPELLED($further, at: "start") }
    } of { $older ->
        [one] one older service
       *[other] { SPELLED($older) } older services
    } had come further by the same age
uptake-funnel-words = From agreement to use of { $service } in { $month }, of { $all } { $noun }: { $steps }.
uptake-source = Source: { $source }, release { $release }.
uptake-table-title = The networks: { $best } has come furthest with { $service }, { $n } of { $m ->
        [one] { $m } municipality
       *[other] { $m } municipalities
    }
uptake-table-title-none = Services per network
uptake-table-subtitle = Municipalities with the service, out of all in the network, in the last month with numbers up to { $month }. { $missing ->
        [one] { $missing } service without numbers is
       *[other] { $missing } services without numbers are
    } left out.
uptake-table-caption = Municipalities with the service, out of all in the network
uptake-table-basis-EVENT = activated
uptake-table-basis-USE = in use
uptake-table-basis-BOTH = in use or activated
compared-more = { $n } more than
compared-fewer = { $n } fewer than
compared-same = as many as
uptake-figure-year = { $change } a year earlier
uptake-figure-year-some = { $change } a year earlier ({ $k } of { $all } services can be compared)
uptake-figure-year-none = not comparable with the year before
uptake-table-networks = Membership is derived from the counties that a network covers. The sources do not confirm that these networks exist: { $unsure }.
uptake-off_list = { $names } { $n ->
        [one] is not counted, because it is
       *[other] are not counted, because they are
    } no longer on the source’s list.
uptake-off_list-split = The numbers for { $names } are estimates, because the source reports the municipality as it was before it was split.
uptake-lacking = The newest delivery is missing for { $n } { $noun } (the latest { $day }).
uptake-lacking-none = This does not affect the numbers for { $month }.
uptake-lacking-mark = no delivery since { $day }
uptake-table-region = Scrollable table: municipalities per service and network
uptake-lacking-listed = { $n } of them may have used the service all the same: missing numbers do not mean zero use.
uptake-lacking-later = After { $month }, deliveries are missing for { $n } { $noun } (the latest { $day }). This does not affect the numbers here.
forecast-sentence = Expected in { $month }: { $expected } of { $all } { $noun } (between { $low } and { $high }).
forecast-missed = Tested { $n ->
        [one] { $n } month
       *[other] { $n } months
    } ahead, the method missed by { $error }. Carrying the last month forward would have missed by { $last_value }, the mean of the last year by { $mean }.
forecast-past = The band held in { $inside } of { $n } earlier forecasts as far ahead.
forecast-ends = From { $month } on there is no forecast: so far ahead the method is not tested, or it beat neither the last month nor the average.
forecast-missed-known = Tested on known months, the method missed by { $error }.
forecast-error-small = below 1%
forecast-drawn = Dotted line with a band: expected, from low to high.
forecast-open = Show the forecast as a table, and download
forecast-caption = Municipalities expected to have the service, by month
forecast-expected = Expected
forecast-between = Between
forecast-few = No forecast: only { $n } { $noun } in a row were counted the same way. At least { $least } are needed.
forecast-old = No forecast: the last month with numbers, { $month }, is too old.
forecast-beaten = No forecast: when tested, the method did no better than the last month or the average, or the numbers were zero.
forecast-useless-error = No forecast: when tested, the method missed by { $error }. Above { $most } is too uncertain.
forecast-useless-beaten = No forecast: the method did no better than assuming that the last month repeats (error { $error } against { $last_value }).
forecast-not_in_release = No forecast: release { $release } is older than the forecasts.
calls-title = Call list: { $n } { $noun } { $n ->
        [one] has
       *[other] have
    } not started with { $service }, { $first } of priority 1
calls-title-none_first = Call list: { $n } { $noun } { $n ->
        [one] has
       *[other] have
    } not started with { $service }
calls-closed = The call list shows which source systems municipalities use. Networks see their own members, DIF sees all. Choose your own network under “Area”.
calls-title-plain = Call list
calls-subtitle = { $area }, as of { $month }.
calls-subtitle-use = { $area }. Steps as of { $month }, use as of { $active }.
calls-order = Sorted by priority, waiting time and inhabitants. Those that must wait for their supplier come last.
calls-open_month = { $of } is not over, so the numbers may differ.
calls-none = No municipality in { $area } is on the call list for { $service }.
calls-older = The call list and the suppliers are for the last month, not { $month }. [See them with the numbers for { $last }]({ $link }).
calls-not_in_release = Release { $release } is older than the call list. It comes with the next release.
calls-lacking = A delivery is missing for { $n } { $noun }, which may have used the service.
calls-caption = Whom to call
calls-region = The call list
calls-why = Why it is on the list
calls-priority = Priority { $n }
calls-all = Show all { $n }
calls-first = Show the first { $n }
calls-new = New last week: { $change }
calls-contact-none = Contact address missing
calls-contact-how = Send missing contact addresses to { $contact }, and they will be in the next release. Use shared mailboxes, not personal addresses.
calls-merged = Now part of { $name }
calls-report = Make a report for the network
calls-report-of = Make a report for { $network }
calls-form = Download the form (Excel)
calls-form-how = You may fill in the form instead, and send it to { $contact }.
calls-of_network = Choose a network under “Area” to make a report and a form.
declined = Declined: { $no }. Not relevant: { $not_relevant }. They are not on the call list.
declined-none = Nobody has declined.
follow_up-KONTAKTET = contacted
follow_up-PLANLAGT = planned
follow_up-TAKKET_NEI = declined
follow_up-IKKE_AKTUELT = not relevant
follow_up-on = { $status } { $day }
follow_up-none = no follow-up
follow_up-before = Follow-up: { $done }
follow_up-removed = the follow-up was removed
follow_up-registered = Registered: { $done } – counts from the next release
follow_up-since = Registered since the release: { $n }
follow_up-open = Register follow-up
follow_up-choose = Choose a municipality
follow_up-status = What was done?
follow_up-day = Date
follow_up-note = Note (optional)
follow_up-note-how = No names or other information about individuals
follow_up-send = Register
follow_up-counts = What you register counts in the numbers from the next release. “Declined” and “Not relevant” take the municipality off the list.
follow_up-undo = Undo
follow_up-undo-of = Undo what was registered for { $name }
follow_up-unread = Registered follow-up cannot be shown right now.
follow_up-told-done = { $name }: { $now } is registered, and counts from the next release.
follow_up-told-same = { $name }: { $now } was already registered.
follow_up-told-undone = The entry for { $name } has been undone. It is now: { $now }.
follow_up-told-overtaken = Somebody else has registered something for { $name } while you had the page open: { $now }. Your entry was not saved. Register it again if you want to replace theirs.
follow_up-told-busy = Not saved for { $name }: the numbers are being updated. Try again in a few minutes.
follow_up-told-refused = Not saved for { $name }: the register did not accept the entry. The date cannot be in the future.
follow_up-told-closed = Not saved for { $name }: the register cannot be changed from here. Use the form instead.
follow_up-merged = { $name } is now part of { $successor }, and the follow-up is kept there.
ready-YES = Yes
ready-NO = Not yet
ready-UNKNOWN = Not known
suppliers-title = { SPELLED($n, at: "start") } { $n ->
        [one] municipality
       *[other] municipalities
    } with a source system from { $supplier } wait for { $service }
suppliers-title-no = { $supplier } is not ready for { $service }, and { SPELLED($n) } { $n ->
        [one] municipality that has signed waits
       *[other] municipalities that have signed wait
    }
suppliers-signed = Signed, but not started
suppliers-held = Signed, but must wait
suppliers-no = { $n } no
suppliers-no-words = “No”: the supplier does not support the service yet, says the register. Call the supplier, not the municipalities.
suppliers-shown = The first { $n } of { $all }. The files have all.
suppliers-title-none = Suppliers with the most waiting municipalities
suppliers-subtitle = Municipalities in { $area } that wait for each service, by the source system they were seen with in the last twelve months.
suppliers-open = Show the { $n ->
        [one] supplier system
       *[other] { $n } supplier systems
    } and who waits for { $service }
suppliers-none = We do not know which source systems the waiting municipalities in { $area } used in the last twelve months.
suppliers-untold = We lack source system data for { $service }, so we do not know which supplier could open it for more.
suppliers-caption = Suppliers and the services their municipalities wait for
suppliers-caption-one = Suppliers and who is waiting
suppliers-region = Scrollable table: suppliers and who is waiting
suppliers-supplier = Supplier and system
suppliers-waiting = Municipalities waiting
suppliers-active = Have the service, whole country
month-one = month
month-many = months
standing-ACTIVATED-USE = Activated, not used for 90 days
standing-ACTIVATED-EVENT = Activated before, not now
standing-CONFIGURED = Configured
standing-ANNEX_SIGNED = Annex signed
standing-SUSPENDED = Suspended
standing-NOT_LISTED = Not on the source’s latest list
standing-TERMINATED = Terminated
standing-NONE = No step registered
made-active-EVENT = **Activated**: a source has reported that the municipality was connected, and not that it was disconnected. It is not the same as use.
made-active-USE = **In use**: the municipality used the service at least once in the last 90 days.
made-lacking = **No delivery**: the latest delivery expected about the municipality in the 90 days has not come. What is expected follows from what the organisation usually delivers. Whether the service was used is then unknown.
made-share = **Share of inhabitants**: inhabitants of municipalities that have the service, of all in the area, on 1 January.
made-left = **Remaining**: municipalities in the area, with current boundaries (2024), without the service.
made-steps = **Steps**: annex signed, configured, activated, in use. A step counts those further along as well.
made-priority = **Priority**: 1 has the annex or is configured, without use; 2 has a supplier that is ready, and one of the ten most similar has started; 3 has a supplier that is ready; 4 is the rest. Municipalities that must wait for their supplier have 4 too, and come last: then the supplier is the one to call. The wait counts from the last step, where its time is known.
made-ready = **Is the supplier ready**: yes where the municipality has used the supplier’s system in the last twelve months, and that system carries the service for three or more others. Yes also where the register says so. Not yet where the register says that support comes later. Otherwise not known.
made-forecast = **Forecast**: made with the method that did best when tested on known months. Its error is the sum of the deviations divided by the sum of the actual numbers. It is measured in months that were not used to choose the method. A method that beats neither the last month nor the average is not shown.
made-comparison = **Comparison**: the same month a year before. Where it has no numbers, the last month before it that has. Only months counted the same way are compared.
made-limits = Months without numbers are shown as missing (`..`), not zero. The first time a source reports on a municipality, it may have been connected for longer. The wait is then unknown. Municipalities follow current boundaries; older codes have been carried over.
contents-ringeliste = Call list
contents-steg = From agreement to use
contents-kurve = Trend
contents-kart = Map
contents-nettverk = The networks
