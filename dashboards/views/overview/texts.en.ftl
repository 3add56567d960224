### What the overview says. Bokmål and English, in plain words.

overview-answer = The shared services have sent { $dispatches } dispatches so far in { $year }, { $change }. The municipalities have taken up { $active } services in all.
overview-figure-use = Dispatches so far in { $year }
overview-use-more = { $percent } more than in the same months of { $year }
overview-use-fewer = { $percent } fewer than in the same months of { $year }
overview-use-same = as many as in the same months of { $year }
overview-use-no_before = without comparison, as the numbers of { $year } are not whole
overview-figure-late = Organisations with a delivery missing
overview-figure-late-words = expected in { $month }, not arrived
overview-figure-late-none = all who should deliver in { $month } have delivered
overview-use-title = { $n } dispatches so far in { $year }, { $change }
overview-use-subtitle = Number of dispatches a month in the whole country, { $first }–{ $last }. { $year } is highlighted.
overview-use-point = { $n } in { $month }
overview-use-words = Dispatches a month: { $first }, most { $top }, and { $last }.
overview-decide-to-result = Product accounts
overview-decide-to-income = Product accounts
overview-decide-to-spread = Uptake
overview-decide-to-below = Product accounts
overview-decide-to-loan = Product accounts
overview-decide-to-annex = Service
overview-decide-to-open = Product accounts
overview-decide-to-late = Data quality, the last four weeks
overview-empty-title = No whole months yet
overview-empty = The release has no month that is over. See [the data quality]({ $link }) for what has been delivered.
overview-made-use = **Dispatches**: all accepted dispatches of the month, in all channels, of all services.
overview-made-late = **Delivery missing**: organisations that by their own rhythm should have delivered, and have not.
