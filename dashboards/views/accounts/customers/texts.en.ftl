### What the page about what customers pay says. Bokmål and English, in plain words.

## the page

column-invoiced_year_before_ore = Same month of the year before
accounts-invoiced-title-more = All customers were invoiced { $amount } in { $n ->
        [one] { $n } month
       *[other] { $n } months
    }, { $by } more than the year before
accounts-invoiced-title-less = All customers were invoiced { $amount } in { $n ->
        [one] { $n } month
       *[other] { $n } months
    }, { $by } less than the year before
accounts-invoiced-title-same = All customers were invoiced { $amount } in { $n ->
        [one] { $n } month
       *[other] { $n } months
    }, as much as the year before
accounts-invoiced-title-new = All customers were invoiced { $amount } in { $n ->
        [one] { $n } month
       *[other] { $n } months
    }
accounts-invoiced-subtitle = Invoiced by month, NOK excl. VAT, { $first }–{ $last }, against the same months of the year before.
accounts-invoiced-now = Last twelve months
accounts-invoiced-before = Year before
accounts-invoiced-words = From { $first } to { $last } { $amount } was invoiced, most in { $month }: { $most }.
accounts-invoiced-caption = Invoiced by month
accounts-customers-title = Product accounts: what customers pay
accounts-customers-part = What customers pay
accounts-customers-answer = { $n ->
        [one] { $n } municipality was
       *[other] { $n } municipalities were
    } billed { $amount } altogether for { $service } in the last four whole quarters.
accounts-customers-answer-none = No municipality was billed for { $service } in the last four whole quarters, or the amounts cannot be shown by municipality.

## what a municipality pays

accounts-paid-title = Municipalities with fewer than 10,000 inhabitants pay { $small } an inhabitant a year, those with 50,000 or more { $large }
accounts-paid-title-same = Small and large municipalities pay about the same for each inhabitant a year: { $small } and { $large }
accounts-paid-title-plain = What municipalities pay a year, by size
accounts-paid-subtitle = Billed for each inhabitant of each municipality from { $first } to { $last }, NOK excl. VAT. Each dot is a municipality. The dashed lines part the sizes in the table.
accounts-paid-inhabitants = inhabitants (logarithmic scale)
accounts-paid-kr = NOK
accounts-paid-words = What { $n ->
        [one] { $n } municipality
       *[other] { $n } municipalities
    } paid, by inhabitants. Averages: { $means }.
accounts-paid-mean = { $size }: { $amount }
accounts-paid-caption = What municipalities pay, by size
accounts-paid-municipalities = Municipalities
accounts-paid-mean_kr = Average per municipality
accounts-paid-least = Lowest
accounts-paid-most = Highest
accounts-paid-each = NOK per inhabitant
accounts-paid-none = No municipality was billed in the period, or the amounts cannot be shown by municipality.
accounts-invoiced-subtitle-new = Invoiced by month, NOK excl. VAT, { $first }–{ $last }. The accounts lack the same months of the year before.

## the list of headings

contents-pris-per-kommune = Price per municipality
contents-fakturert = Invoiced
