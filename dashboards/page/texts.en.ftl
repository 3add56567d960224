### What every page says: its frame, its states, its filters and files. Bokmål and English, in plain words.

app-title = Shared services in numbers
overview-title = Overview
usage-title = Use per municipality
service-title = Service
accounts-title = Product accounts
organisation-title = My organisation
data-title = Data quality and catalogue
definitions-title = Definitions
about-title = About and accessibility
app-skip = Skip to the content
app-no_script = Charts, tables and choices need JavaScript. The numbers above do not.
app-no_page-title = Page not found
app-no_page = No page has this address. The link may be misspelt, or a part of it may be missing.
app-no_page-pages = The pages
app-menu-overview = Overview
app-menu-municipality = Municipality
app-menu-usage = Use
app-menu-uptake = Uptake
app-menu-service = Service
app-menu-accounts = Accounts
app-menu-organisation = My organisation
app-menu-data = Data
app-menu-definitions = Definitions
app-menu-about = About
streamlit-pages = The pages
streamlit-choose = Choose an option
streamlit-clear = Clear value
streamlit-clear_all = Clear all
streamlit-menu-close = Close the menu
streamlit-menu-open = Open the menu
streamlit-decrement = Less
streamlit-increment = More
streamlit-home = Go to the front page
streamlit-open = Open
streamlit-selected = Selected values
streamlit-marks = group of marks
streamlit-chart = chart
streamlit-date = Choose date
streamlit-close = Close
streamlit-connecting = Connecting
streamlit-connecting-server = Connecting to the server
streamlit-lost = No connection to the server
streamlit-error = Error
streamlit-stopped = The server does not answer. Try again in a while.
streamlit-options = Options
streamlit-none = No results
streamlit-enter = Press Enter to apply
streamlit-enter-form = Press Enter to submit
streamlit-all = Select all
streamlit-silent = The server does not answer. Are you online?
streamlit-date-keys = Use the arrow keys to move, Enter to select, Escape to close.
app-other_language = Norsk
app-freshness-through = Numbers through { $month }
app-freshness-service = Latest month with numbers for this service: { $month }
app-freshness-updated = Updated { $at }
app-freshness-checks = All { $passed } checks passed
app-freshness-checks_failed = { $failed } of { $all } checks failed
app-freshness-late = { $n ->
        [one] { $n } organisation has not delivered
       *[other] { $n } organisations have not delivered
    } for { $month }
app-freshness-release = Release { $release }
app-synthetic = synthetic
app-synthetic-sentence = Synthetic numbers.
app-perturbed = Numbers are changed at random by a few units to protect privacy. Sums may therefore differ slightly.
app-perturbed-of = { $names }: { app-perturbed }
app-awaited = The numbers for { $month } come seven working days after the end of the month.
app-awaited-of = { $names }: { app-awaited }
app-contact-title = Contact
app-contact = Questions about the numbers: { $contact }
app-contact-unset = The contact address for the numbers is missing.
state-no_release-command = Whoever runs the platform makes it by one of these: the first of example data, the second of what has been received.
state-no_release-title = There is no release yet
state-no_release = The numbers appear once the first release has been made and this page is reloaded. The page looks for releases in `{ $folder }`.
state-failed-title = The last update was stopped { $at }
state-failed-checks = These checks failed: { $checks }.
state-failed-other = Reason: { $problem }
state-failed-touched = The checks concern numbers on this page.
state-failed-untouched = The checks do not concern numbers on this page.
state-failed-stays = The page shows the last good release, { $release }.
state-failed-check = { $dataset }, { $check } ({ $unexpected } unexpected)
state-stale-title = The numbers are { $age } old
state-stale = They should be updated at least every { $hours } hours. Last updated { $at }.
state-stale-days = { $n ->
        [one] { $n } day
       *[other] { $n } days
    }
state-stale-hours = { $n ->
        [one] { $n } hour
       *[other] { $n } hours
    }
state-error-title = Something went wrong on our side
state-error = The page could not be shown. Try again in a while. Quote the reference `{ $reference }` if you report it.
state-unknown-title = Invalid choice in the link
state-unknown = “{ $given }” is not a valid choice for { $parameter }. The page shows { $shown }.
state-unknown-near = Did you mean { $near }?
state-unknown-unobserved = The service has no numbers for { $given }. The page shows { $shown }.
state-unknown-nearest = The nearest month with numbers is { $near }.
state-unknown-external = { $name } is delivered by others and shown for comparison only. The page shows { $shown }.
state-unknown-ended = { $given } is no longer a municipality. The page shows { $shown }.
state-unknown-ended-left_out = { $given } is no longer a municipality, and is left out.
state-unknown-left_out = “{ $given }” is not a valid choice for { $parameter }, and is left out.
state-unknown-over = You can choose up to { $most } at once. { $given } is left out.
state-unknown-successor = The area is now part of { $near }.
state-empty-title = No numbers for { $service } in { $area }
state-empty-service = No source has reported when municipalities adopted the service. That does not mean it is not in use.
state-empty-area = The service has numbers, but not for this area.
state-empty-service_link = Nearest with numbers: [{ $name }]({ $link })
state-empty-area_link = See [the whole country]({ $link })
state-older_release-title = This is an older release
state-older_release = The link shows release { $release }. [Show the newest, { $newest }]({ $link }).
state-release_too_old-title = The release does not have these numbers
state-release_too_old = The release was made before the page had these numbers. [Show the newest release]({ $link }).
state-lacking = Release { $release } was made before releases included these numbers.
state-lacking-older = [Show the newest release]({ $link }).
state-lacking-newest = This is the newest release. The next one will have the numbers.
state-release_gone-title = The release no longer exists
state-damaged-title = The newest release cannot be read
state-damaged = The page shows the last release that can be read, { $release }. Tell those who run the service.
state-attempt_unread-title = It is not known how the last update went
state-attempt_unread = The numbers are from the release below. There may be newer numbers that are not included. Tell those who run the service.
state-release_gone = It was deleted while the page was open. [Show the newest release]({ $link }).
state-no_ledgers = This release has no product accounts.
figures-title = Key figures
figures-synthetic = The numbers below are synthetic.
figures-before = Changed since the previous release, which had { $value }
figures-definition = How the key figures are defined
table-open = Show as a table
table-filter = Show only rows with
table-caption = The numbers in the chart
table-region = Scrollable table
table-cut = Shows the first { $shown } of { $all } rows. The files have them all.
table-paper = The printout shows the first { $shown } of { $all } rows. The page and the files have more.
filter-tjeneste = Service
filter-omrade = Area
filter-maned = Month
filter-many-none = Choose up to { $n }
filter-kart = Map
filter-kartmaned = Month on the map
filter-utgave = Release
filter-lang = Language
filter-maned-help = Only months with numbers. Numbers for other months are missing, not zero.
filter-no_numbers = { $name } (no numbers)
filter-synthetic = { $name } (synthetic)
area-country = The whole country
area-network = Network: { $name }
area-county = County: { $name }
area-in-country = the whole country
municipality-one = municipality
municipality-many = municipalities
column-municipality = Municipality
column-municipality_code = Municipality code
column-step = Step so far
column-no_delivery_since = No delivery since
column-synthetic = Synthetic
column-service = Service
column-month = Month
column-release = Release
value-yes = yes
value-no = no
value-unregistered = not registered
value-more = { $n } others
download-xlsx = Excel (XLSX)
download-csv = CSV (semicolon)
download-parquet = Parquet
download-sql = The query (SQL)
download-png = Image (PNG)
download-svg = Image (SVG)
chart-alt = Chart. The text right after it says what it shows.
chart-embed = Embed the chart in another website with this code:
chart-embed-closed = Show the chart in another website with this code. Only those who are logged in here and have access will see it:
chart-address = Permanent addresses of the table. Without “utgave” in the address you always get the newest numbers:
embed-open = Open the page with filters and table
embed-forbidden = This is not open to everyone. Log in to the pages to see it.
embed-unknown = “{ $given }” is not a valid choice for { $parameter }.
embed-none = The release has no numbers to show for these choices.
embed-busy = Too many requests in a short time. Try again in a minute.
embed-missing = There is nothing at this address.
download-sheet = Call list
download-table = Table
download-about = About the numbers
made-title = How the numbers are made
made-open = Definitions, sources, limits and revisions
made-definition-title = Definitions
made-source-title = Source
made-limits-title = Limits
made-revisions-title = Revisions
made-revisions = A release never changes. Corrections come in the next release, which has a new number. This page shows { $release }.
column-age_months = Months since launch
column-name = Name
column-launch_known = Launch known
column-run = Run of months, number
column-is_last = Last month
column-networks = Networks
column-observed = Observed
column-standing = Step
column-since = Since month
column-no_later = Since at the latest
column-first_month = First month
column-last_month = Last month

## the frame

app-strip = Demonstration: A simulator made the numbers; nothing was measured.
app-strip-mixed = Demonstration: A simulator made the numbers marked “synthetic”.
app-strip-made = How they were made
app-copy = Copy the link
app-copied = Link copied
release-shown = Release { $release }
release-newest = newest
release-changes = What has changed since the previous release?
contents-title = On this page
contents-nokkeltall = Key figures
contents-leverandorer = Suppliers
contents-definisjoner = How the numbers are made
home-open = My start page
home-title = My start page
home-about = Choose where to begin. Your browser remembers it and opens the front page there.
home-kommune = My municipality
home-omrade = My network
home-tjeneste = My product
home-choose = Begin here
home-forget = Forget my choice
home-unknown = That choice no longer exists. Choose again.
home-closed = Log in to choose.
subscribe-open = Subscribe
find-open = Search
find-label = Municipality, service, network or term
find-none = No results. Try fewer or other words.
find-count = { $n ->
        [one] { $n } result
       *[other] { $n } results
    }
find-closed = Log in to search.
find-until = until { $year }
find-also-overview = growth rise fall board report status decisions
find-also-municipality = municipalities report sheet
find-also-usage = use usage dispatches volume compare paper digital
find-also-uptake = call list calls lacks supplier suppliers map network
find-also-service = services product incidents council support agreement
find-also-accounts = cost costs accounts income economy surplus deficit
find-also-accounts-result = result budget quarter costs
find-also-accounts-pricing = price prices costs calculation self-cost
find-also-accounts-customers = customers pay invoiced
find-also-accounts-loans = loan loans debt reconciliation digifin
find-also-organisation = invoice invoices bill pay
find-also-data = deliveries datasets download quality checks
find-also-definitions = metrics figures terms glossary coverage
find-also-about = privacy accessibility contact help
find-page = Page
find-municipality = Municipality
find-municipality-ended = Former municipality
find-network = Network
find-county = County
find-service = Service
find-number = Key figure
find-term = Term
find-dataset = Dataset
download-menu = Download
state-carried = { $given } cannot be chosen as { $parameter } here. The page shows { $shown }.

## what is changed at random, and why

protection-title = Numbers changed to protect privacy
protection-why = In some services each case concerns one person. A small number could tell something about somebody who lives in the municipality. The numbers of these services are therefore changed at random by a few units before they are shown:
protection-service = **{ $name }**: { $reason } The main figure is the number of { $flow }.
protection-what = **By municipality and month, only the main figure is shown.** Other numbers of the service, support requests and hours included, are shown for the whole country only, and only if at least twenty organisations have any. None of them is shown by day, channel or source system.
protection-how = **The main figure is changed by at most five units**, up or down, and other numbers by as much as a few cases come to. The change is the same on all pages and in all files, as long as the number counts the same cases. The numbers of municipalities and of the country are changed separately, so sums may differ slightly. 1 and 2 are never shown, and 0 may stand for a small number.
protection-when = **A month is shown from seven working days after its end.** Later it changes at the end of a quarter only, even if corrections come before.
protection-connections = **Source systems:** how much an organisation sends through each source system is given in bands: 1–9, 10–99, 100–999 and so on, from seven working days after the month. Only the organisation itself and DIF see exact numbers. Source systems that reveal something about the receivers are not shown for a single organisation.
protection-open = **What is not hidden:** that a municipality used a service in a month. Accounts, adapters and uptake concern organisations, not individuals, and are exact.
protection-more = The method is called the cell key method and is used in official statistics. `docs/protection.md` in the source code describes it. [The dataset]({ $data }) shows which columns it applies to.
contents-endrede-tall = Changed numbers

## columns and values that several pages show

column-organisation = Organisation
column-service_name = Service
column-municipalities = Municipalities
column-accounts = Accounts
column-months_known = Months with numbers
event-price = The price changed.
event-price-synthetic = The price changed (synthetic).
why-part-up = { $name } accounts for { $n } of the increase of { $change }.
why-part-down = { $name } accounts for { $n } of the decrease of { $change }.
why-municipalities-up = Use rose most in { $names }.
why-municipalities-down = Use fell most in { $names }.
why-since = The change since { $month }: { $why }
event-merger = { $parts } became { $name }.
event-mergers = { $n ->
        [one] { $n } municipality was merged with others or split.
       *[other] { $n } municipalities were merged or split.
    }
event-at = { $month }: { $text }
event-named = { $when }: { $text }
event-message = Operational message { $days }: { $what }. The time tells when the message stood, not when anything was down.
event-unlike = { $n ->
        [one] One operational message in the period is not marked: real messages do not explain synthetic figures.
       *[other] { $n } operational messages in the period are not marked: real messages do not explain synthetic figures.
    }
event-again = Events in the period are told of below a chart further up.
event-left_out = { $n ->
        [one] One other month with events is not marked.
       *[other] { $n } other months with events are not marked.
    }
value-message_kind-FAULT = fault
value-message_kind-MAINTENANCE = maintenance
value-message_kind-DEPENDENCY = a fault of others
value-message_kind-INFORMATION = information
value-message_cause-altinn = a fault at Altinn
value-message_cause-folkeregisteret = a fault at the National Registry
value-message_cause-helse-id = login by HelseID
value-message_cause-id-porten = login by ID-porten
value-message_cause-maskinporten = access by Maskinporten
value-message_cause-nhn = a fault at Norsk helsenett
value-message_cause-search = search
value-message_cause-supplier = a fault at a supplier
value-message_cause-configuration = configuration
value-message_cause-database = database
value-message_cause-network = network
value-message_cause-statistics = statistics
value-message_cause-storage = storage
column-shown_from = Put up
column-shown_to = Taken down
column-message_kind = Kind
column-message_cause = Cause
column-application = Shown in
column-hours_shown = Hours it stood
column-overlapping = Overlaps an earlier one

## how the municipality of a link stands with a service

stands-nobody = no municipality
stands-since = in { $month }
stands-no_later = in { $month } at the latest
stands-undated = at a time that no source gives
stands-IN_USE = { $name } started using { $service } { $since }.
stands-ACTIVATED = { $name } activated { $service } { $since }.
stands-IDLE = { $name } activated { $service } { $since }, but did not use the service in { $month }.
stands-CONFIGURED = { $name } set up { $service } { $since }, but had not started using the service in { $month }.
stands-ANNEX_SIGNED = { $name } signed the annex for { $service } { $since }, but had not started using the service in { $month }.
stands-SUSPENDED = { $name } paused { $service } { $since }.
stands-TERMINATED = { $name } ended { $service } { $since }.
stands-NOT_LISTED = { $name } was not on the source's last list of municipalities with { $service } in { $month }.
stands-NONE = { $name } had not started using { $service } in { $month }.
stands-unknown = It is not known whether { $name } had started using { $service } in { $month }.
stands-latest = The latest numbers for { $services } are from { $month }.
