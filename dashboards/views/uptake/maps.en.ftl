### What the map says, in Norwegian bokmål and in English.

map-title = { $service } on the map
map-title-USE = { $n } of { $m ->
        [one] { $m } municipality
       *[other] { $m } municipalities
    } in { $area } { $n ->
        [one] uses
       *[other] use
    } { $service }
map-title-EVENT = { $n } of { $m ->
        [one] { $m } municipality
       *[other] { $m } municipalities
    } in { $area } { $n ->
        [one] has
       *[other] have
    } activated { $service }
map-title-unobserved = No numbers for { $service } in { $month }
map-subtitle = One hexagon is one municipality, roughly where it lies, { $month }. Choose a municipality to see its use.
map-subtitle-geographic = How far each municipality has come with { $service } in { $month }.
map-subtitle-drawn = One hexagon is one municipality, roughly where it lies, { $month }.
map-subtitle-drawn-geographic = How far each municipality has come, { $month }.
map-label = Map of { $service } in { $month }
map-skip = Skip the map ({ $n ->
        [one] { $n } link
       *[other] { $n } links
    })
map-key = Key
map-n_of_m = { $n } of { $m }
map-unknown = unknown
map-at_least = at least { $n } of { $m }
map-own = Outline: { $network }

## one letter a step: each different from the others in its language

map-letter-NONE = –
map-letter-ANNEX_SIGNED = S
map-letter-CONFIGURED = C
map-letter-ACTIVATED = A
map-letter-IN_USE = U
map-letter-SUSPENDED = P
map-letter-NOT_LISTED = L
map-letter-TERMINATED = X
map-letter-UNKNOWN = ?
map-step-NONE = no step registered
map-step-ANNEX_SIGNED = annex signed
map-step-CONFIGURED = configured
map-step-ACTIVATED-EVENT = activated
map-step-ACTIVATED-USE = activated, not used for 90 days
map-step-IN_USE = in use
map-step-SUSPENDED = suspended
map-step-NOT_LISTED = not on the source’s latest list
map-step-TERMINATED = terminated
map-step-UNOBSERVED = no numbers
map-step-LACKING = delivery is missing, may be in use
map-step-UNKNOWN = no numbers, or a delivery is missing
map-since = { $step } since { $month }
map-since-no_later = { $step } since { $month } or earlier
map-tile = { $name } ({ $code }): { $standing }
map-words = Map of { $service } in { $month }: { $steps }. { $counties }
map-words-count = { $n } { $noun } { $step }
map-words-counties = Largest share in { $best } ({ $n } of { $m }), smallest in { $worst } ({ $wn } of { $wm }).
map-words-counties-same = The share is the same in all counties.
map-words-unobserved = Map of { $service } in { $month }: nobody reported numbers for the service in that month.
map-files = Download the map and its numbers
map-table = Municipalities per county, { $service }, { $month }
map-table-region = Scrollable table: municipalities per county
map-table-county = County
map-table-open = Show the counties as a table
map-table-USE = In use
map-table-EVENT = Activated
map-table-waiting = On the way
map-table-waiting-about = On the way: annex signed, configured or activated, but not all the way.
map-table-unknown = Unknown
map-share = Link to the map as of { $month }
map-kind-tiles = One hexagon per municipality
map-kind-geographic = Geographic map
map-play = Play
map-skips = Playback skips { $n ->
        [one] { $n } month
       *[other] { $n } months
    } without numbers.
map-stop = Stop
map-geometry-broken = The geographic map cannot be shown because the map file cannot be used. The log says why.
map-geometry-source = Boundaries: { $source }
map-geometry-without = These municipalities are not in the map file: { $names }.
