### One municipality and all services, or all municipalities of an area.

municipality-title = Municipality
municipality-none = All in the area
municipality-choose = Choose a municipality to see all the services it has adopted, or a network or county to compare the municipalities there.
municipality-lacks = This release does not show how far each municipality has come.
municipality-answer = { $name } had { $n } of { $all } services in use or activated in { $month }.
municipality-answer-waiting = Agreed but not in use: { $services }.
municipality-area-answer = Of the municipalities in { $place }, { $most_names } had the most services ({ $most }) and { $fewest_names } the fewest ({ $fewest }) in { $month }.
municipality-of_month = { $text } ({ $month })
municipality-n_of_m = { $n } of { $m }
municipality-no_year = No numbers for the same month last year
municipality-unknown = not known
municipality-no_later = { $month } or earlier
municipality-figure-active = Services in use or activated
municipality-figure-active-words = { $n ->
        [0] every service has numbers for the month
        [one] { $n } service has no numbers for the month; its latest ones count
       *[other] { $n } services have no numbers for the month; their latest ones count
    }
municipality-figure-ahead = Services that similar municipalities have in use, but not this one
municipality-figure-ahead-none = It has everything that most similar ones have
municipality-figure-sent = Dispatches in the month, all services
municipality-month_before = the same month the year before
municipality-services-title = The services in { $name }
municipality-services-subtitle = Similar municipalities are the { $n } closest in population and location.
municipality-services-caption = The municipality’s services
municipality-to_usage = See how { $name } uses the services, compared with others
municipality-matrix-title = Municipality by municipality
municipality-matrix-caption = Municipalities and services
municipality-matrix-none = No service has numbers for this area in the month. Choose another month.
municipality-column-service = Service
municipality-column-standing = Status
municipality-column-since = Since
municipality-column-use = Use in the month
municipality-column-change = Change in a year
municipality-column-trend = Trend
municipality-column-similar = Similar ones that have it
municipality-column-count = Count
municipality-standing-IN_USE = in use
municipality-standing-ACTIVATED = activated
municipality-standing-ACTIVATED_UNUSED = activated, no use for 90 days
municipality-standing-CONFIGURED = configured
municipality-standing-ANNEX_SIGNED = annex signed
municipality-standing-SUSPENDED = suspended
municipality-standing-TERMINATED = terminated
municipality-standing-NOT_LISTED = not on the source’s latest list
municipality-standing-NONE = not started
municipality-made-standing = **Status:** the furthest step that a source has reported for the municipality and the service in the month. If the service has no numbers for the month, the last month with numbers counts, and is given in brackets. What no source has reported is “not known”, never “not started”. Where use is measured, a service counts as in use when it was used in the last 90 days; where it is only activated, it says “activated, no use for 90 days”, and is not counted.
municipality-made-similar = **Similar municipalities:** the closest in population and in inhabitants within 50 km. Only those with numbers count.
municipality-made-use = **Use:** dispatches where the service sends, otherwise the measure that says most about the service.
column-similar_known = Similar municipalities with numbers
column-similar_active = Similar municipalities that have the service
contents-tjenester = The services
municipality-areas-title = How far networks and counties have come
municipality-areas-subtitle = Services in use or activated, on average per municipality, { $month }. The services are the same in all areas. Choose an area to see each municipality.
column-area = Area
column-services_mean = Services per municipality
column-behind_share = Share of the area’s municipalities
column-country_share = Share of the country’s municipalities
column-behind = Furthest behind the country
municipality-areas-behind = { $name }: { $behind } of the municipalities, { $country } in the country
municipality-areas-none = no service
municipality-choose-NETWORK = Networks
municipality-choose-COUNTY = Counties
contents-network = Networks
contents-county = Counties
municipality-report = The municipality's sheet, to print
