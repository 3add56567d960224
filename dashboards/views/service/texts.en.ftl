### What the page of a product says beside what its report says (`ledger`). Bokmål and English, in plain words.

service-answer-USE = { $use }, and { $n } { $noun } had it in use in { $month }.
service-answer-EVENT = { $use }, and { $n } { $noun } had activated it in { $month }.
service-answer-unmeasured-USE = { $who } had { $name } in use in { $month }. How much they used it is not measured.
service-answer-unmeasured-EVENT = { $who } had activated { $name } in { $month }. Use is not measured.
service-municipalities = { $n ->
        [one] { $n } municipality
       *[other] { $n } municipalities
    }
service-customers = { $n ->
        [one] { $n } customer
       *[other] { $n } customers
    }
service-answer-unobserved = { $use }, and no source has reported who has adopted it.
service-uptake = See where the service is in use, and who is next
service-uptake-title-USE = { $n } { $noun } had the service in use in { $month }
service-uptake-title-EVENT = { $n } { $noun } had activated the service in { $month }
service-uptake-title-year = { $text }, { $change } a year earlier
service-uptake-subtitle = Customers by month, { $first }–{ $last }, the whole country.
service-uptake-subtitle-one = Customers in { $first }, the whole country.
service-uptake-both = Grey months are counted by events, not by use.
service-uptake-words = Customers by month: { $first } in { $first_month }, { $last } in { $last_month }.
service-uptake-words-one = Customers: { $first } in { $first_month }.
service-uptake-caption = Customers by month
service-compare = Compare with
service-compare-none = no other service
service-compare-title = { $one } and { $other }
service-compare-answer = { $one } { $other }
service-compare-same = { $name } cannot be compared with itself. Choose another service.
service-compare-scale = The customer curves have the same scale. Use has a scale each, because the services are not measured the same way.
service-compare-close = Close the comparison
service-compare-whole = See everything about { $name }
service-gaps-catalogue = { $n } of { $all } facts are missing from the product catalogue
service-gaps-others = { $n ->
        [one] { $n } other thing is
       *[other] { $n } other things are
    } not known
service-gaps-both = { $catalogue }, and { $others }
service-gaps-owner = The product’s owner keeps these facts in the product catalogue.
service-about-source = Source of the facts: { $source }.
service-template-title = Templates for the agreement and the risk assessment
service-template-caption = Templates, version and age
service-template-kind = What
service-template-name = Template
service-template-version = Version
service-template-age = Age
service-template-undated = not stated in the version
service-template-ahead = applies from a later date
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
service-use-foreseen = Light bars are forecast; the line goes from the low to the high estimate.
service-use-label = Forecast
service-outlook-title-FLOW = Expected use: { $quantity } { $unit } in the next { $n } months
service-outlook-title-STOCK = Expected use: { $quantity } { $unit } in { $month }
service-outlook-title-none = Use is not forecast
service-outlook-none = Expected use: a forecast needs at least eight months of measured use above zero. The method must also do better than the last month or the average.
service-outlook-words = { $first }–{ $last }, the whole country. In the last month the low estimate is { $low } and the high one { $high }. Method: { $method }. { $error }
service-outlook-untried = The error is not known: the numbers of the tested months sum to zero.
service-outlook-caption = Forecast use by month
service-method-LAST_VALUE = the last month continues
service-method-MEAN = the average of the last year
service-method-DRIFT = the last month and the average change over the last year
service-method-SEASONAL_NAIVE = the same month a year before
service-method-SEASONAL_GROWTH = the same month a year before, times the growth from year to year
service-method-THETA = trend and smoothed level
service-method-SEASONAL_THETA = trend and smoothed level, with season
service-customers-title = { $n } { $noun } signed the annex for { $name }
service-customers-title-unknown = { $name } adopted by { $n } { $noun }; who has signed the annex is unknown
service-customers-title-EVENT = { $name } activated by { $n } { $noun }; who has signed the annex is unknown
service-customers-subtitle = { $kinds } in { $month }. Former customers are left out.
service-customers-unlisted = The table also has { $n } that the source’s latest list lacks, not counted.
service-customers-without = Used without a signed annex by { $n } { $noun }: { $who }.
service-customers-open = Show { $n } customers
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
value-customer_standing-IDLE = activated, not used for 90 days
value-customer_standing-ANNEX_SIGNED = annex signed
value-customer_standing-CONFIGURED = configured
value-customer_standing-NOT_LISTED = not on the source’s latest list
value-customer_standing-SUSPENDED = suspended
service-support-title = { $rate } support requests a month per 100 customers; { $n } of { $all ->
        [one] { $all } other service
       *[other] { $all } other services
    } { $n ->
        [one] has
       *[other] have
    } more
service-support-subtitle = Support requests per 100 active customers a month, { $first }–{ $last }, in months where both are known. The whole country.
service-support-axis = Support requests per 100 customers a month
service-support-words = Support requests per 100 customers a month: { $listed }.
service-support-one = { $name } { $rate }
column-requests = Support requests
column-customer_months = Customer months
column-per_100 = Per 100 customers a month
column-customers = Customers
service-systems-some = Only connections that you may see are counted: { $whose }.
service-systems-own = your own organisation
service-systems-members = members of your networks
service-systems-closed = Suppliers and source systems are not shown to your role
service-systems-closed-text = They show which systems an individual municipality uses, and are shown only to the municipality itself, its network and DIF.
service-delivery-title = Half is delivered within { $quick } by { $by_quick }, and within { $slow } by { $by_slow }
service-delivery-title-one = Half of the dispatches are delivered within { $time }
service-delivery-subtitle = Time from when a dispatch was made until it was first delivered, by channel, the whole country, { $month }.
service-delivery-provisional = provisional
service-delivery-note = Provisional for { $channels }: what has not been delivered yet is not included, so the times may rise.
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
service-accounts-title-none = No entries are booked on the service in { $year }
service-accounts-subtitle = The service’s own accounts, { $months }, excl. VAT. Only for those who may see the product accounts.
service-accounts-link = See the full product accounts
service-accounts-not_in_release = Release { $release } has no product accounts.
service-price-today = Price today
service-price-base = Base price today
service-price-words = { $element }; self-cost price { $self_cost } in { $year }
service-price-words-more = { $element }; self-cost price { $self_cost } in { $year }; { $n } more prices in the table
service-price-none = missing: no price is calculated
made-service-use = **Use**: dispatches, or the measure that says most about the service (look-ups, messages, accounts), summed over the country. A measure that shows a level, such as accounts, is not summed. The last month then counts.
made-service-customers = **Customer**: a municipality, county or other organisation that has taken a step from agreement to use. The signing day of the annex is the last one reported. For lists without dates it is the latest possible.
made-service-forecast = **Forecast**: made with the method that did best when tested on known months. Its error is the sum of the deviations divided by the sum of the actual numbers. It is measured in months that were not used to choose the method.
made-service-delivery = **Delivery time**: from when a dispatch was made until it was first delivered. Only delivered dispatches count. A month is provisional until it is older than 95 of 100 dispatches took before.
made-service-systems = **Source system and supplier**: as the sender states them, matched through the register “source_system”. Dispatches by source system are shown for the whole country only.
made-service-price = **Self-cost price**: the price that exactly covers the cost, with the year’s part of earlier surplus or deficit.
contents-bruk = Use
contents-utbredelse = Uptake
contents-kunder = Customers
contents-regnskap = Accounts
service-messages-title = { $n ->
        [one] { $n } known operational message
       *[other] { $n } known operational messages
    } about { $name }, the latest from { $month }
service-messages-subtitle = When each message stood, and what it was about. The time does not tell how long anything was down, and few messages are not few faults: much was told in other ways.
service-messages-twice = { $n ->
        [one] One message overlaps an earlier one of the same kind and cause, and is probably the same event.
       *[other] { $n } messages overlap an earlier one of the same kind and cause, and are probably the same event.
    }
service-messages-none = No operational message about { $name } is known. That does not mean that the service has had no faults.
service-operation-title = Support and operation
made-service-messages = **Operational message**: a message on operation that users were shown. Its times tell when it was put up and taken down, not when a fault began and ended. Charts of use mark the longest, but only where both messages and figures are real.
