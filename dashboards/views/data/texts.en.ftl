### What the page of data quality and the catalogue says.

data-not_in_release = Release { $release } is older than the catalogue.
data-answer = The release has { $datasets } datasets with { $rows } rows, and all { $checks } checks passed.
data-answer-failed = The release has { $datasets } datasets with { $rows } rows, and { $failed } of { $checks } checks failed.
data-answer-lacking = In the last four weeks, { $lacking } of { $all ->
        [one] { $all } organisation
       *[other] { $all } organisations
    } { $lacking ->
        [one] lacks
       *[other] lack
    } at least one delivery.
data-answer-delivered = All { $all } organisations have delivered in the last four weeks.
data-part-katalog = Catalogue
data-part-leveranser = Deliveries
data-part-karantene = Set aside
data-part-endringer = Changes
data-every-dataset = All datasets
data-every-organisation = All organisations
data-every-stream = All streams
data-every-service = All services
data-parts = Parts of the page
filter-datasett = Dataset
filter-organisasjon = Organisation
filter-strom = Stream
data-figure-of = { $n } of { $all }
data-figure-checks = Checks passed
data-figure-checks-words = on the datasets and what they are made of
data-figure-lacking = Organisations with a missing delivery, last four weeks
data-figure-lacking-words = of { $all } that should have delivered
data-figure-aside = Rows set aside
data-figure-aside-words = { $share } of { $all } rows received
data-figure-changed = Figures of use that changed
data-figure-changed-words = in { $municipalities ->
        [one] { $municipalities } municipality
       *[other] { $municipalities } municipalities
    }, since release { $parent }
data-owner = Team { $name }
data-team-dif = DIF
data-team-okonomi = finance
data-team-nettverk = networks
data-team-produkt = products
data-fresh-hours = within { $n ->
        [one] { $n } hour
       *[other] { $n } hours
    }
data-fresh-days = within { $n ->
        [one] { $n } day
       *[other] { $n } days
    }
data-fresh-updated = To be updated { $promise }. Last made { $at }.
data-checked-none = Describes the release and is not checked
data-checked-passed = All { $all } passed
data-checked-failed = { $failed } of { $all } failed
data-rows-describes = Not counted: the dataset describes the release
data-audience-OPEN = Everyone with access. Connections and suppliers are shown only to those they concern.
data-audience-LEDGER = Finance and management
data-audience-OWN = The organisation it concerns
data-audience-INTERNAL = Nobody
data-audience-OPEN-short = Open
data-audience-LEDGER-short = Finance and management
data-audience-OWN-short = Own organisation
data-audience-INTERNAL-short = Nobody
data-fact-dataset = Dataset
data-fact-name = Name in queries
data-fact-owner = Owner
data-fact-audience = Who may read
data-fact-fresh = Freshness
data-fact-promise = To be updated
data-fact-rows = Rows
data-fact-checks = Checks
data-fact-version = Contract version
data-fact-key = What tells rows apart
data-fact-synthetic = Synthetic
data-synthetic-yes = Yes: some rows rest on numbers from a simulator
data-synthetic-no = No
data-perturbed = Applies to { $columns }. Method: { $method }.
data-overview-title = { $n } datasets, each with an owner and an update deadline
data-overview-subtitle = Choose a dataset for its columns, sample, lineage, checks and files.
data-overview-caption = Datasets in the release
data-columns-title = Columns
data-columns-caption = The columns of { $dataset }
column-description = What it is
value-additivity-sum = yes
value-additivity-last = the last in time only
value-additivity-none = no
data-restricted = Your role does not have access to { $title }. Its description is open, but not its rows.
data-sample-title = Sample
data-sample-caption = The first { $n } rows, as stored
data-sample-empty = The dataset has no rows in this release.
data-lineage-title = Lineage
data-lineage-before = Made of
data-lineage-after = Used to make
data-lineage-stream = The stream { $title } ({ $name })
data-lineage-register = The register { $title } ({ $name })
data-lineage-sources = Sources by its contract: { $sources }
data-lineage-none = Made by the run itself, not from other datasets.
data-lineage-last = No other dataset. The pages and readers use it as it is.
data-lineage-untold = Release { $release } does not say what is made of what.
data-checks-title = Checks: { $said }
data-checks-caption = What the dataset is checked against
data-checks-report = The check report from Great Expectations
data-check-required_columns = The columns are those of the contract, and those that must have a value have one.
data-check-key_unique = No two rows have the same key.
data-check-across = Agrees with other datasets.
column-looks_for = What it looks for
data-files-title = Download
data-file-one = Download Parquet ({ $size })
data-file-many = Download Parquet in a ZIP file, a folder for each month ({ $parts ->
        [one] { $parts } file
       *[other] { $parts } files
    }, { $size })
data-files-large = The dataset has { $rows } rows. Spreadsheets are made for up to { $most }; use Parquet.
data-files-link = The link to Parquet lasts for half an hour. Reload the page for a new one.
data-code-title = Open the file in your tool
data-code-subtitle = Download the file first. If it is a ZIP file, unpack it where you work. In Excel and Power BI, paste the lines into the advanced editor and put in your own folder.
data-code-folder = C:\your\folder
data-organisation = Organisation
data-lacking-not_in_release = Release { $release } was made before releases showed who should have delivered.
data-lacking-title = At least one delivery is missing from { $n ->
        [one] { $n } organisation
       *[other] { $n } organisations
    }
data-lacking-title-single = At least one delivery is missing from one organisation
data-lacking-title-none = No deliveries are missing
data-lacking-title-one = { $name } lacks { $missing } of { $due ->
        [one] { $due } day
       *[other] { $due } days
    }
data-lacking-title-one-none = { $name } has delivered everything that was expected
data-lacking-title-nothing = Nothing was expected from the organisation
data-lacking-subtitle = Days from { $first } to { $last }, Norwegian time. Most missing days first. Missing numbers do not mean zero use.
data-lacking-caption = Deliveries by day
data-lacking-words = In short
data-lacking-row = Missing { $missing } of { $due ->
        [one] { $due } expected day
       *[other] { $due } expected days
    }.
data-lacking-row-late = { $late } came late.
data-lacking-row-since = First missing day: { $day }.
data-lacking-cut = Shows the { $shown } with the most missing days, of { $all }. The files have them all.
data-sign-MISSING = M
data-sign-LATE = L
data-sign-NOT_YET_DUE = w
data-sign-RECEIVED = ✓
data-sign-MISSING-words = missing, past its deadline
data-sign-LATE-words = came late
data-sign-NOT_YET_DUE-words = waiting, not due yet
data-sign-RECEIVED-words = came
data-sign-none-words = Empty: nothing was expected that day
column-days_due = Days expected
column-days_missing = Days missing
column-days_late = Days that came late
column-missing_since = First missing day
data-received-title = Last received
data-received-subtitle = What each producer has sent, and when the latest came. Row counts are not shown for dispatches, measurements and invoice lines: together with the open numbers they would reveal how many concern individuals.
data-received-caption = Batches by stream and producer
column-batches = Batches
data-quarantine-title = { $n ->
        [one] { $n } row is
       *[other] { $n } rows are
    } set aside, by { $rules ->
        [one] { $rules } rule
       *[other] { $rules } rules
    }
data-quarantine-title-none = No rows are set aside
data-quarantine-subtitle = The rows are not in the numbers. A producer can fetch its own rows, with the rules they broke. A row that broke several rules counts under each.
data-quarantine-caption = Rows set aside by rule
data-mend-register = Settled in the register { $register }, or the producer corrects and sends again.
data-mend-ask = Ask DIF: it can be settled in the register { $register }. Otherwise the producer corrects and sends again.
data-mend-commands = Export the register, edit the file and apply it. See which rows are then accepted before you make a new release:
data-mend-producer = The producer corrects and sends again.
data-mend-version = Whoever applied the register applies a corrected version.
data-aside_months-title = Which months they are for, and who sent them
data-aside_months-caption = Rows set aside by month and producer
column-mend = How to correct it
column-producers = Producers
data-accounting-title = What happened to each row received
data-accounting-sums = It adds up: all { $landed } rows received are accounted for. Landed = conformed + superseded + quarantined + held + withdrawn or erased.
data-accounting-left_out = Of { $landed } rows received, { $told } are accounted for here. The other { $rest } concern sensitive services and are left out. Landed = conformed + superseded + quarantined + held + withdrawn + left out.
data-accounting-caption = Row accounting by stream
data-unmapped-title = { $n ->
        [one] { $n } system name is
       *[other] { $n } system names are
    } unknown, { $share } of dispatches
data-unmapped-title-none = All system names are known
data-unmapped-subtitle = Names sent in the last twelve whole months that the register of source systems lacks. Once entered there, they are known from the next release.
data-unmapped-caption = Unknown source system names
data-changed-title = Use that changed since release { $parent }
data-changed-none = No figures of use changed
data-changed-same = Use is the same as in release { $parent }, or the service is not among those that changed.
data-changed-first = This is the first release, so there is nothing to compare with.
data-changed-subtitle = By reason and what is counted. Different measures are not summed.
data-changed-caption = Changes by reason
data-changed_datasets-subtitle = Every dataset whose content changed: its rows, and the sum of each amount, count and quantity.
data-changed_datasets-none = None.
data-changes-title = Where use changed
data-changes-subtitle = Municipalities with current boundaries, the largest change first. Where no municipality is given, the organisation is not one.
data-changes-caption = Changes by municipality, service and month
column-months = Months
value-reason-WITHDRAWN = batch withdrawn
value-reason-HELD_BEFORE = held before
value-reason-NEW_SENDER = new sender
value-reason-NEW_MAPPING = new rules or registers
value-reason-CORRECTED = corrected
value-reason-LATE = came late
value-reason-NEW = the month is not over
data-made-checks = **Check**: a rule that a dataset must meet. If it does not, the release is stopped.
data-made-lacking = **Missing delivery**: something was expected that day, by the organisation’s own rhythm or because the service is activated, and did not come by the deadline. The deadline is the second working day after.
data-made-accounting = **Accounting**: conformed is in the numbers. Superseded has a newer version. Quarantined broke a rule. Held waits for the next release. Withdrawn was taken back by the sender.
data-made-changed = **Changed use**: a number for a municipality, service, month and measure that differs from the previous release.
data-made-restricted = **Who may read**: a dataset’s description is open. Rows and files are only for those with the role.
data-made-limits = What is expected is known for the last 92 days. Sensitive services are left out of deliveries and changes. A missing number is shown as `..`, and one that is not possible as `.`.
delivery-unknown = The link is not valid. Open the page again for a new one.
delivery-expired = The link is too old. Reload the page for a new one.
delivery-forbidden = You do not have access to this file.
delivery-changed = The file has changed since the release was published, so it is not delivered. Choose another release, and tell those who operate the platform.
delivery-gone = The release no longer exists. Open the page again for the newest.
contents-datasett = Datasets
contents-mottatt = Received
contents-karantene = Quarantine
contents-radregnskap = Rows in and out
contents-fagsystemer = Unknown systems
contents-endret = Changed use
contents-endringer-datasett = Changed datasets
contents-endringer-regnskap = Changed ledgers
contents-endringer = All changes
