### What the page about use says. Bokmål and English, in plain words.

## filters

filter-kommune = Municipality
filter-maal = Counted in
filter-kanal = Channel
filter-gruppe = Compare with
filter-sammenlign = Your own choice
filter-grenser = Municipal boundaries
filter-perioder = Period
usage-borders-naa = Current
usage-borders-da = Historical
usage-periods = { $n } months
usage-country = The whole country
usage-channel- = All channels
usage-channel-SVARINN = SvarInn
usage-channel-SDP = Digital mailbox
usage-channel-ALTINN = Altinn
usage-channel-NHN = The health network
usage-channel-PRINT = Paper
usage-channel-UNKNOWN = Not known
usage-channel-in-SVARINN = {" "}through SvarInn
usage-channel-in-SDP = {" "}to digital mailboxes
usage-channel-in-ALTINN = {" "}to Altinn
usage-channel-in-NHN = {" "}on the health network
usage-channel-in-PRINT = {" "}on paper
usage-channel-in-UNKNOWN = {" "}with no known channel
usage-group-SIMILAR = The { $n } most similar
usage-group-COUNTY = County: { $name }
usage-group-NETWORK = Network: { $name }
usage-group-COUNTRY = The country excluding Oslo
usage-group-in-SIMILAR = the { $n } most similar municipalities
usage-group-in-COUNTY = the other municipalities of { $name }
usage-group-in-NETWORK = the other municipalities of { $name }
usage-group-in-COUNTRY = the country excluding Oslo

## the answer

usage-dispatches = dispatches
usage-answer-sent = { $name } sent { $n } { $what } with { $service } in { $month }.
usage-answer-sent-rate = { $name } sent { $n } { $what } with { $service } in { $month }, { $rate } per 1,000 inhabitants.
usage-answer-measured = { $name } had { $n } { $what } with { $service } in { $month }.
usage-answer-measured-rate = { $name } had { $n } { $what } with { $service } in { $month }, { $rate } per 1,000 inhabitants.
usage-answer-country = { $municipalities } { $noun } sent { $n } { $what } with { $service } in { $month }.
usage-answer-country-median = The median is { $median } per 1,000 inhabitants.
usage-answer-none = Nobody has reported { $what } for { $service } from { $name } in { $month }. Missing numbers do not mean zero use.
usage-answer-last = The last month with numbers is { $month }.
usage-answer-compared = That is { $what }.
usage-answer-incomplete = The number may be too low: at least one expected delivery is missing.
usage-above = above the median of { $median } for { $group }
usage-below = below the median of { $median } for { $group }
usage-at = the same as the median of { $median } for { $group }

## key figures

usage-figure-sent = { $what } in { $month }
usage-figure-no_year = No numbers for the same month the year before.
usage-figure-gap = Nobody has reported numbers. That does not mean zero use.
usage-figure-rate = Per 1,000 inhabitants
usage-figure-channel_only = The chosen channel only; the median covers all channels together.
usage-figure-group = Median { $median } for { $group }; { $n } of { $members } { $n ->
        [one] has
       *[other] have
    } numbers.
usage-figure-no_group = Comparison is available with current boundaries only.
usage-figure-no_median = Too few have numbers for a median for { $group }.
usage-figure-no_median-because = No median for { $group }: { $why }.
usage-figure-no_median-country = No median: { $why }.
usage-median-FEW_MEMBERS = the group has fewer than three other municipalities
usage-median-NOT_MEASURED = nobody has reported numbers from the others in the group
usage-median-FEW_FIGURES = fewer than three of the others have numbers
usage-median-NO_INHABITANTS = the number of inhabitants is missing
usage-figure-median = Median per 1,000 inhabitants
usage-figure-quartiles = Half of the municipalities are between { $q1 } and { $q3 }. The country excluding Oslo.
usage-figure-no_quartiles = The country excluding Oslo. Fewer than five municipalities have numbers.
usage-figure-municipalities = Municipalities that sent
usage-figure-municipalities-measured = Municipalities with numbers
usage-figure-municipalities-words = with { $service } in { $month }
usage-figure-digital = Digital share
usage-provisional = provisional
usage-figure-print = Cost of paper mail
usage-figure-print-words = in { $n ->
        [one] { $n } month
       *[other] { $n } months
    }, for { $sheets ->
        [one] { $sheets } sheet
       *[other] { $sheets } sheets
    }; { $part } of the dispatches went on paper
usage-figure-year = Last twelve months
usage-figure-year-words = { $n } of 12 months { $n ->
        [one] has
       *[other] have
    } numbers
usage-figure-products = Services with numbers
usage-figure-products-words = { $n } in { $month }

## states

usage-old-title = The release has no numbers per municipality
usage-old-lacks = Release { $release } was made before it had the numbers that the page needs: { $datasets }.
usage-old-none = Release { $release } has no use: no source has delivered numbers.
usage-ended-link = Show { $name }
usage-empty-title = No numbers for { $service } in { $name }
usage-empty-title-measured = No { $what } for { $service } from { $name }
usage-empty-nobody = Nobody reports use of this service. That does not mean it is not in use.
usage-empty-municipality = Other municipalities have numbers, but nobody has reported use from { $name } between { $first } and { $last }. It may be that the service is not used here, or that nobody reports it.
usage-empty-measured = Other municipalities have numbers, but nobody has reported { $what } from { $name } between { $first } and { $last }. It may be that there are none here, or that nobody reports it.
usage-empty-then = With historical boundaries the code { $code } applies only while it was in force. [Show current boundaries]({ $link }).
usage-empty-near = The nearest with numbers: { $links }.
usage-gaps = Expected deliveries from { $name } are missing in { $months } (the latest { $day }). The numbers for those months may be too low. Missing numbers do not mean zero use.
usage-gaps-country = Expected deliveries are missing from up to { $n } { $noun } in { $months }. The numbers may be too low.

## trend

usage-who = Who
usage-median = Median
usage-axis-rate = Per 1,000 inhabitants
usage-axis-rate-log = Per 1,000 inhabitants (logarithmic scale)
usage-axis-rate-sqrt = Per 1,000 inhabitants (square-root scale)
usage-axis-digital = Digital share
usage-axis-sent = Dispatches
usage-axis-measured = Number
usage-axis-kroner = NOK
usage-trend-title = { $name } was above the median in { SPELLED($above) } of { $n ->
        [12] the last twelve months
       *[other] the { SPELLED($n) } months with numbers in the last year
    }
usage-trend-title-never = { $name } was above the median in none of { $n ->
        [12] the last twelve months
       *[other] the { SPELLED($n) } months with numbers in the last year
    }
usage-trend-title-plain = { $what } with { $service }, month by month
usage-trend-title-change = { $what } with { $service }: { $change }
usage-trend-title-country = The median is { $now } per 1,000 inhabitants, against { $then } in { $month }
usage-trend-subtitle = { $what } per 1,000 inhabitants, { $service }, { $first }–{ $last }, { $name }.
usage-trend-subtitle-count = Number of { $what }, { $service }, { $first }–{ $last }, { $name }.
usage-trend-band = The band is the middle half of { $group }, the dashed line their median.
usage-trend-band-country = The band is the middle half of the municipalities.
usage-trend-median = The dashed line is the median; the band needs five municipalities with numbers.
usage-trend-channel = The median and the band cover all channels together only.
usage-trend-then = With historical boundaries there are no groups. The number of inhabitants is missing where the old code does not match one current code.
usage-trend-empty = { $n ->
        [one] { $n } month
       *[other] { $n } months
    } of the period { $n ->
        [one] has
       *[other] have
    } no numbers (..): { $n ->
        [one] it is
       *[other] they are
    } missing, not zero.
usage-trend-no_median = { $n } { $months } without a median: { $why }.
usage-trend-unsure = Open dot: the number may change.
usage-trend-words = { $name }, { $axis }: { $first } in { $first_month }, { $last } in { $last_month }.
usage-trend-words-median = The group’s median is { $median }.
usage-trend-words-none = No numbers in the period.
usage-service-one = service
usage-service-many = services
usage-system-one = source system
usage-system-many = source systems
usage-month-one = month
usage-month-many = months
usage-estimated = Estimated for { $first } to { $last }: a municipality that was split is divided by stated weights.

## strip

usage-strip-title = { $name } is number { $rank } of { $n } in { $month }
usage-strip-title-missing = { $name } has no numbers in { $month }
usage-strip-title-country = Municipalities range from { $least } to { $most } per 1,000 inhabitants
usage-strip-title-none = No municipality has numbers in the month
usage-strip-subtitle = { $what } per 1,000 inhabitants, { $service }, { $month }, { $group }. One dot is one municipality.
usage-strip-missing = Without numbers, and not included: { $names }.
usage-strip-words = { $n ->
        [one] { $n } municipality
       *[other] { $n } municipalities
    }, from { $least } ({ $least_name }) to { $most } ({ $most_name }).
usage-strip-title-then = Comparison with others
usage-strip-none = The comparison follows current boundaries. [Show current boundaries]({ $link }).
usage-country-only = This number is shown for the whole country only, to protect privacy.
usage-all_municipalities = all municipalities

## digital and paper

usage-digital-title = { $part } were delivered digitally; the median is { $median }
usage-digital-title-alone = { $part } were delivered digitally
usage-digital-title-none = Digital share
usage-digital-title-country = The median municipality delivers { $part } digitally
usage-digital-subtitle = Share of delivered dispatches that did not go on paper, { $service }, all channels, { $name }.
usage-digital-provisional = Provisional for { $months }: letters that nobody reads digitally may still go on paper.
usage-print-title = Paper mail cost { $cost } in { $n ->
        [one] { $n } month
       *[other] { $n } months
    }
usage-print-title-none = Cost of paper mail
usage-print-title-nothing = Nothing went on paper in { $n ->
        [one] { $n } month
       *[other] { $n } months
    }
usage-print-subtitle-nothing = { $service }, { $name }: no cost for production and postage.
usage-print-subtitle = NOK per month excl. VAT, { $service }, { $name }. { $part } of the dispatches of { $n ->
        [one] { $n } month
       *[other] { $n } months
    } went on paper, on { $sheets ->
        [one] { $sheets } sheet
       *[other] { $sheets } sheets
    }: production { $production } and postage { $postage }.
usage-print-whose = This is the sender’s own cost. It is not part of the product accounts.
usage-print-production = Production
usage-print-postage = Postage
usage-print-what = What
usage-print-sheets = Sheets

## channels

usage-channels-title = { $channel } is the largest channel, with { $part }
usage-channels-title-unknown = The channel is not known for { $part } of the dispatches
usage-channels-title-untold = No source says which channel the dispatches took
usage-channels-title-none = Channels
usage-channels-subtitle = Dispatches by channel, { $service }, the last { $n ->
        [one] { $n } month
       *[other] { $n } months
    } with numbers, { $name }.
usage-channels-label = { $n } ({ $part })
usage-channels-words = Dispatches by channel: { $channels }.

## products

usage-products-title = { $name } has numbers for { $n } { $noun }
usage-products-title-country = The country has numbers for { $n } { $noun }
usage-products-subtitle = Month by month, { $first }–{ $last }, { $name }. Each small chart has its own scale from zero. The number is for { $month }, compared with the same month the year before.
usage-products-country = Dispatches are for municipalities; the other numbers are for all organisations.
usage-products-none = { $n ->
        [one] { $n } other service reports
       *[other] { $n } other services report
    } no use here; that does not mean { $n ->
        [one] it is
       *[other] they are
    } not in use.
usage-products-table = Show the numbers as a table, and download
usage-card-none = nobody has reported numbers
usage-card-awaited = shown seven working days after the end of the month
usage-changed = Changed most in a year: { $what }.
usage-changed-one = { $name } { $change } ({ $what })
usage-changed-none = Nothing has changed in a year.
usage-changed-unknown = Change cannot be shown: no numbers for { $month }.


## connections

usage-connections-title = { $n } { $noun } sent with { $service }
usage-connections-title-most = { $n } { $noun } sent with { $service }; { $system } accounted for { $part }
usage-connections-title-none = Source systems and suppliers for { $service }
usage-connections-subtitle = Dispatches by source system and supplier, { $name }, twelve months through { $month }.
usage-connections-bands = Counts are given in bands, added over accounts and months. 0–9 may mean none. Exact numbers are shown only to the organisation itself and to DIF.
usage-connections-closed = Source systems and suppliers are shown to your own organisation, to networks the municipality belongs to, and to DIF.
usage-connections-none = No connections are recorded in the last twelve months.
usage-connections-measured = Source systems are known for dispatches only, not for other use.
usage-connections-caption = Source systems and suppliers
usage-connections-system = Source system
usage-connections-month = In the month
usage-connections-not_stated = Not stated, or shielded
usage-mapping-UNMAPPED = not in the register
column-supplier = Supplier
column-failed = Failed
column-twelve_months = Twelve months
column-last_seen = Last seen
column-year_before = The year before
column-all_channels = All channels
column-printed = On paper
column-own = This municipality
column-chosen = Own choice
column-n = Have numbers
column-per_1000_inhabitants = Per 1,000 inhabitants
column-title_nb = Measure (Norwegian)
column-title_en = Measure
column-kind = Kind

## how the numbers are made

usage-made-dispatches = **Dispatches**: by the day they were created, Norwegian time, whether they arrived or not. Per 1,000 inhabitants: divided by the inhabitants on 1 January of the year.
usage-made-groups = **Groups**: the most similar are the ten nearest in inhabitants and in inhabitants within 50 km of the municipality’s centre. The municipality itself is not in the group. A median is shown from three municipalities, the band (quartiles) from five. Those that nobody reported on in the month are left out, not counted as zero.
usage-made-digital = **Digital share**: share of delivered dispatches that did not go on paper. Provisional until seven working days after the end of the month. The share on paper is of all dispatches, including those not delivered.
usage-made-measured = **Other use**: look-ups, messages, applications, accounts and adapters, as reported. Support requests do not count as use. For accounts and adapters it is the number at the end of the month.
usage-made-borders = **Municipal boundaries**: current are those of 2024, historical are those in force in the month. A municipality that was split is divided by stated weights, and is marked as estimated.
usage-made-gaps = **Missing numbers**: a month without reported numbers is unknown, not zero. Where an expected delivery is missing, the month’s number is uncertain. This is known for the last 92 days before the release.
contents-maaneder = Trend
contents-gruppe = Municipalities
contents-digitalt = Digital share
contents-papir = Paper
contents-kanaler = Channels
contents-alle-tjenester = All services
