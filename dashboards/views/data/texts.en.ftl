### What the page of data quality and the catalogue says.

value-stream-dispatch = Dispatch, changes of state
value-stream-measurement = Measurement of use
value-stream-adoption = Step of adoption
value-stream-invoice_line = Invoice line
value-stream-cost_entry = Cost entry
value-stream-loan_entry = Loan entry (Digifin)
value-stream-register = Register, a new version
data-not_in_release = Release { $release } is older than the catalogue.
data-answer = The release holds { $datasets } datasets of { $rows } rows, and all { $checks } checks passed.
data-answer-failed = The release holds { $datasets } datasets of { $rows } rows, and { $failed } of { $checks } checks failed.
data-answer-lacking = Within the last four weeks, { $lacking } of { $all ->
        [one] { $all } organisation
       *[other] { $all } organisations
    } { $lacking ->
        [one] lacks
       *[other] lack
    } a delivery or more.
data-answer-delivered = All { $all } organisations have delivered within the last four weeks.
data-part-katalog = Catalogue
data-part-leveranser = Deliveries
data-part-karantene = Set aside
data-part-endringer = Changes
data-every-dataset = All datasets
data-every-organisation = All organisations
data-every-stream = All streams
data-every-service = All services
filter-del = Part of the page
filter-datasett = Dataset
filter-organisasjon = Organisation
filter-strom = Stream
data-figure-of = { $n } of { $all }
data-figure-checks = Checks passed
data-figure-checks-words = of the datasets and what they are made of
data-figure-lacking = Organisations that lack a delivery
data-figure-lacking-words = of { $all } that should have delivered within four weeks
data-figure-aside = Rows set aside
data-figure-aside-words = { $share } of { $all } rows received
data-figure-changed = Numbers that changed
data-figure-changed-words = in { $municipalities ->
        [one] { $municipalities } municipality
       *[other] { $municipalities } municipalities
    }, since release { $parent }
data-figure-changed-first = Not possible: this is the first release
data-owner = Team { $name }
data-team-dif = DIF
data-team-okonomi = economy
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
data-checked-none = Describes the release, and is not tried
data-checked-passed = All { $all } passed
data-checked-failed = { $failed } of { $all } failed
data-rows-describes = Not counted: the dataset describes the release
data-audience-OPEN = Everyone who is let in. Connections and suppliers are for those they concern.
data-audience-LEDGER = Economy and leadership
data-audience-OWN = The organisation it concerns
data-audience-INTERNAL = Nobody
data-audience-OPEN-short = Open
data-audience-LEDGER-short = Economy and leadership
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
data-synthetic-yes = Yes: some rows rest on simulated numbers
data-synthetic-no = No
data-overview-title = { $n } datasets, each with an owner and a promise
data-overview-subtitle = Choose a dataset for its columns, sample, lineage, checks and files.
data-overview-caption = Datasets of the release
data-columns-title = Columns
data-columns-caption = The columns of { $dataset }
column-description = What it is
value-additivity-sum = yes
value-additivity-last = the last in time only
value-additivity-none = no
data-restricted = { $title } is not for your role. Its description is open, its rows are not.
data-sample-title = Sample
data-sample-caption = The first { $n } rows, as they lie
data-sample-empty = The dataset has no rows in this release.
data-lineage-title = Lineage
data-lineage-before = Made of
data-lineage-after = Goes into
data-lineage-stream = The stream { $title } ({ $name })
data-lineage-register = The register { $title } ({ $name })
data-lineage-sources = Sources by its contract: { $sources }
data-lineage-none = Made by the run itself, of no other dataset.
data-lineage-last = No other dataset. Pages and readers use it as it is.
data-lineage-untold = Release { $release } does not say what is made of what.
data-checks-title = Checks: { $said }
data-checks-caption = What the dataset was tried against
data-checks-report = The checks in Great Expectations’ Data Docs
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
data-files-large = The dataset has { $rows } rows. Spreadsheets are made of up to { $most }; use Parquet.
data-files-link = The link to Parquet holds for half an hour. Reload the page for a new one.
data-code-title = Open the file in your tool
data-code-subtitle = Download first, and unpack a ZIP file where you work. In Excel and Power BI, paste the lines in the advanced editor; put your own folder in.
data-code-folder = C:\your\folder
data-organisation = Organisation
data-lacking-not_in_release = Release { $release } is older than the knowledge of who should have delivered.
data-lacking-title = { $n ->
        [one] { $n } organisation lacks
       *[other] { $n } organisations lack
    } a delivery or more
data-lacking-title-single = One organisation lacks a delivery or more
data-lacking-title-none = No delivery is missing
data-lacking-title-one = { $name } lacks { $missing } of { $due ->
        [one] { $due } day
       *[other] { $due } days
    }
data-lacking-title-one-none = { $name } has delivered all that was expected
data-lacking-title-nothing = Nothing was expected of the organisation
data-lacking-subtitle = Days from { $first } to { $last }, Norwegian time. Most missing days first. A gap is not zero use.
data-lacking-caption = Deliveries by day (on a narrow screen: scroll sideways for all days)
data-lacking-words = In short
data-lacking-row = Lacks { $missing } of { $due ->
        [one] { $due } day
       *[other] { $due } days
    } expected.
data-lacking-row-late = { $late } came late.
data-lacking-row-since = First gap { $day }.
data-lacking-cut = Shows the { $shown } with most gaps, of { $all }. The files have them all.
data-sign-MISSING = M
data-sign-LATE = L
data-sign-NOT_YET_DUE = w
data-sign-RECEIVED = ✓
data-sign-MISSING-words = missing, past its deadline
data-sign-LATE-words = came late
data-sign-NOT_YET_DUE-words = awaited, not due yet
data-sign-RECEIVED-words = came
data-sign-none-words = Empty: nothing expected about the day
column-days_due = Days expected
column-days_missing = Days missing
column-days_late = Days that came late
column-missing_since = First gap
data-received-title = Received last
data-received-subtitle = What each producer has sent, and when the last came. Numbers of rows are not shown for dispatches: beside the open figures they would tell how many are about persons.
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
data-quarantine-subtitle = The rows are not in the numbers. A producer can fetch its own rows, with the rules that they broke. A row that broke several rules counts under each.
data-quarantine-caption = Rows set aside by rule
data-mend-register = Settled in register { $register }, or the producer mends and sends again.
data-mend-ask = Ask DIF: Register { $register } can settle it. Otherwise the producer mends and sends again.
data-mend-commands = Export the register, edit the file and apply it. See what it lets out before you make a new release:
data-mend-producer = The producer mends and sends again.
data-mend-version = Whoever applied the register applies a corrected version.
data-aside_months-title = Which months they are of, and who sent them
data-aside_months-caption = Rows set aside by month and producer
column-mend = How to mend it
column-producers = Producers
data-accounting-title = What became of each row that came
data-accounting-sums = It adds up: all { $landed } rows received are accounted for. Landed = conformed + superseded + quarantined + held + withdrawn or erased.
data-accounting-left_out = Of { $landed } rows received, { $told } are accounted for here. The other { $rest } are of sensitive services and left out. Landed = conformed + superseded + quarantined + held + withdrawn + left out.
data-accounting-caption = Accounting of rows by stream
data-unmapped-title = { $n ->
        [one] { $n } system name is
       *[other] { $n } system names are
    } unknown, { $share } of dispatches
data-unmapped-title-none = All system names are known
data-unmapped-subtitle = Names sent within the last twelve whole months that the register of source systems lacks. Entered there, they are known from the next release on.
data-unmapped-caption = System names without a system
data-changed-title = What changed since release { $parent }
data-changed-none = No numbers changed
data-changed-same = Use is the same as in release { $parent }, or the service is not among those that changed.
data-changed-first = This is the first release: there is nothing to compare with.
data-changed-subtitle = By reason and what is counted. Different measures are not summed.
data-changed-caption = Changes by reason
data-changes-title = Where it changed
data-changes-subtitle = Municipalities of now, the largest change first. No municipality: the organisation is none.
data-changes-caption = Changes by municipality, service and month
column-months = Months
value-reason-WITHDRAWN = batch taken back
value-reason-HELD_BEFORE = held before
value-reason-NEW_SENDER = new sender
value-reason-NEW_MAPPING = new rules or registers
value-reason-CORRECTED = corrected
value-reason-LATE = came late
value-reason-NEW = the month goes on
data-made-checks = **Check**: a rule that a dataset is tried against. Where it fails, the release is stopped.
data-made-lacking = **Lacks a delivery**: something was expected about the day, by the organisation's own rhythm or because it is activated, and had not come by the deadline. The deadline is the second working day after.
data-made-accounting = **Accounting**: conformed is in the numbers. Superseded has a newer version. Quarantined broke a rule. Held waits for the next release. Withdrawn was taken back by who sent it.
data-made-changed = **Changed**: a number of municipality, service, month and measure that differs from the release before.
data-made-restricted = **Who may read**: a dataset's description is open. Rows and files are only for those with the role.
data-made-limits = What is expected is known for the last 92 days. Sensitive services are left out of deliveries and changes. A number that is missing shows as `..`, one that cannot be as `.`.
delivery-unknown = The link is not valid. Open the page again for a new one.
delivery-expired = The link is too old. Reload the page for a new one.
delivery-forbidden = You have no access to this file.
delivery-gone = The release is gone. Open the page again for the newest.
