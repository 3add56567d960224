### What the page of a product says beside what its report says (`ledger`). Bokmål and English, in plain words.

service-answer-USE = { $use }, and { $n } { $noun } used it in { $month }.
service-answer-EVENT = { $use }, and { $n } { $noun } had activated it in { $month }.
service-answer-unobserved = { $use }, and no source has reported who has taken it up.
service-uptake = See where the service is in use, and who is next
service-uptake-title-USE = { $n } { $noun } used the service in { $month }
service-uptake-title-EVENT = { $n } { $noun } had activated the service in { $month }
service-uptake-title-year = { $text }, { $change } a year before
service-uptake-subtitle = Customers by month, { $first }–{ $last }, the whole country.
service-uptake-both = Grey months are counted by events, not by use.
service-uptake-words = Customers by month: { $first } in { $first_month }, { $last } in { $last_month }.
service-uptake-caption = Customers by month
service-compare = Compare with
service-compare-none = no other service
service-compare-title = { $one } and { $other }
service-compare-answer = { $one } { $other }
service-compare-same = { $name } cannot be compared with itself. Choose another service.
service-compare-scale = The curves of customers have the same scale. Use has a scale each, as the services are not measured alike.
service-compare-close = Close the comparison
service-compare-whole = See all about { $name }
service-gaps-catalogue = { $n } of { $all } facts are missing from the product catalogue
service-gaps-others = { $n ->
        [one] { $n } other thing is
       *[other] { $n } other things are
    } not known
service-gaps-both = { $catalogue }, and { $others }
service-gaps-owner = The product's owner keeps these facts in the product catalogue.
service-about-source = Source of the facts: { $source }.
service-template-title = Templates of the agreement and the risk assessment
service-template-caption = Templates, version and age
service-template-kind = What
service-template-name = Template
service-template-version = Version
service-template-age = Age
service-template-undated = the version does not tell
service-template-ahead = holds from later on
service-template-months = { $n ->
        [one] { $n } month
       *[other] { $n } months
    }
service-template-months-one = { $n } month
service-template-years = { $n } years and { $months ->
        [one] { $months } month
       *[other] { $months } months
    }
service-template-years-one = { $n } year and { $months ->
        [one] { $months } month
       *[other] { $months } months
    }
service-expected-title = Expected and actual use
service-expected = Expected
service-actual = Actual
service-actual-words = { $quantity } { $unit }, { $period }
service-actual-twelve = last twelve months
service-actual-some = in { $n ->
        [one] { $n } month that was
       *[other] { $n } months that were
    } measured
service-actual-month = in { $month }
service-actual-none = not known: no source measures use
service-actual-hidden = hidden for privacy
service-use-foreseen = Light bars are forecast; the line goes from the low to the high estimate.
service-use-label = Forecast
service-outlook-title-FLOW = Expected use: { $quantity } { $unit } in the next { $n } months
service-outlook-title-STOCK = Expected use: { $quantity } { $unit } in { $month }
service-outlook-title-none = Use is not forecast
service-outlook-none = Expected use: a forecast needs at least eight months of measured use, with numbers that are not hidden for privacy. Its method must do better than the last value or the mean.
service-outlook-words = { $first }–{ $last }, the whole country. In the last month the low estimate is { $low } and the high one { $high }. Method: { $method }. { $error }
service-outlook-untried = The error is not known: the months tried sum to zero.
service-outlook-open = The forecast: method, error and numbers by month
service-outlook-caption = Forecast use by month
service-method-LAST_VALUE = the last month goes on
service-method-MEAN = the mean of the last year
service-method-DRIFT = the last month and the mean change of the last year
service-method-SEASONAL_NAIVE = the same month a year before
service-method-SEASONAL_GROWTH = the same month a year before, times the growth from year to year
service-method-THETA = trend and smoothed level
service-method-SEASONAL_THETA = trend and smoothed level, with season
service-customers-title = Annex of { $name } signed by { $n } { $noun }
service-customers-title-unknown = { $name } taken up by { $n } { $noun }; who has signed the annex is unknown
service-customers-title-EVENT = { $name } activated by { $n } { $noun }; who has signed the annex is unknown
service-customers-subtitle = { $kinds } in { $month }. Customers that have ended are left out.
service-customers-without = Used without a signed annex by { $n } { $noun }.
service-customers-caption = Customers and annex
service-kind-MUNICIPALITY = { $n ->
        [one] { $n } municipality
       *[other] { $n } municipalities
    }
service-kind-MUNICIPALITY-one = { $n } municipality
service-kind-COUNTY = { $n ->
        [one] { $n } county
       *[other] { $n } counties
    }
service-kind-COUNTY-one = { $n } county
service-kind-OTHER = { $n } other customers
service-kind-OTHER-one = { $n } other customer
value-adoptable_by-MUNICIPALITY = municipalities
value-adoptable_by-COUNTY = counties
value-adoptable_by-COMPANY = municipal companies
value-adoptable_by-OTHER = others
column-customer = Customer
column-customer_kind = Kind of customer
column-customer_standing = Status
column-annexed_on = Annex signed
value-customer_kind-MUNICIPALITY = municipality
value-customer_kind-COUNTY = county
value-customer_kind-COMPANY = municipal company
value-customer_kind-OTHER = other
value-customer_standing-IN_USE = in use
value-customer_standing-ACTIVATED = activated
value-customer_standing-IDLE = activated, not used within 90 days
value-customer_standing-ANNEX_SIGNED = annex signed
value-customer_standing-CONFIGURED = configured
value-customer_standing-NOT_LISTED = not on the source's latest list
value-customer_standing-SUSPENDED = suspended
service-support-title = { $rate } support requests a month per 100 customers; { $n } of { $all ->
        [one] { $all } other service
       *[other] { $all } other services
    } { $n ->
        [one] has
       *[other] have
    } more
service-support-subtitle = Support requests per 100 active customers a month, { $first }–{ $last }, in months where both are known. The whole country.
service-support-open = All services
service-support-axis = Support requests per 100 customers a month
service-support-words = Support requests per 100 customers a month: { $listed }.
service-support-one = { $name } { $rate }
column-requests = Support requests
column-customer_months = Customer months
column-per_100 = Per 100 customers a month
column-customers = Customers
column-some_hidden = Some is hidden
service-systems-some = Only connections that you may see are counted: { $whose }.
service-systems-own = your own organisation
service-systems-members = members of your networks
service-systems-closed = Suppliers and source systems are not shown to your role
service-systems-closed-text = They tell which systems a single municipality uses, and are shown to itself, its network and DIF.
service-delivery-title = Half is delivered within { $quick } by { $by_quick }, and within { $slow } by { $by_slow }
service-delivery-title-one = Half of the dispatches are delivered within { $time }
service-delivery-subtitle = Time from a dispatch was made until it was first delivered, by channel, the whole country, { $month }.
service-delivery-provisional = provisional
service-delivery-note = Provisional for { $channels }: what is not delivered yet is not among them, so the times may rise.
service-delivery-caption = Delivery time by channel
service-delivery-channel = Channel
service-delivery-p50 = Half within
service-delivery-p90 = 9 of 10 within
service-delivery-p99 = 99 of 100 within
service-delivery-dispatches = Dispatches delivered
service-minutes = { $n } minutes
service-minutes-one = { $n } minute
service-hours = { $n } hours
service-days = { $n } days
service-channel-SDP = digital mailbox
service-channel-ALTINN = Altinn
service-channel-NHN = the Norwegian health network
service-channel-PRINT = letters on paper
service-channel-SVARINN = SvarInn
service-channel-UNKNOWN = channel not stated
service-accounts-title = The service has a result of { $result } so far in { $year }
service-accounts-title-none = No entries of the service are booked in { $year }
service-accounts-subtitle = Its own accounts, { $months }, excl. VAT. For those who may see the product accounts only.
service-accounts-link = See the whole product accounts
service-accounts-not_in_release = Release { $release } has no product accounts.
service-price-today = Price today
service-price-words = { $element }; self-cost price { $self_cost } in { $year }
service-price-words-more = { $element }; self-cost price { $self_cost } in { $year }; { $n } more prices in the table
service-price-none = missing: no price is calculated
made-service-use = **Use**: dispatches, or the measure that counts most (look-ups, messages, accounts), summed over the country. A measure that is a level, as accounts, is not summed; the last month counts.
made-service-customers = **Customer**: a municipality, county or other organisation that has taken a step from agreement to use. The day of the annex is the last reported; of lists without dates it is the latest it can be.
made-service-forecast = **Forecast**: by the method that did best when tried on months that are known. Its error is the sum of the errors over the sum of the actual figures, in months that took no part in choosing.
made-service-delivery = **Delivery time**: from a dispatch was made until it was first delivered. Only those delivered count. A month is provisional until it is older than 95 of 100 dispatches took before.
made-service-systems = **Source system and supplier**: as the sender states them, placed by the register “source_system”.
made-service-price = **Self-cost price**: what the price must be for income to cover the cost.
contents-bruk = Use
contents-utbredelse = Uptake
contents-kunder = Customers
contents-brukerstotte = Support
contents-leveringstid = Delivery time
contents-regnskap = Accounts
