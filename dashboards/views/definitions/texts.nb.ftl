### What the page of definitions says.

definitions-answer = Her finner du definisjonen av { $n } tall, side for side, og forklaringen på { $terms } ord og forkortelser.
definitions-not_in_release = Utgave { $release } er laget før definisjonene ble en del av utgavene.
filter-sok = Søk i definisjoner og ord
definitions-numbers-title = Tallene
definitions-numbers-found = Tall som passer med «{ $sought }»: { $n }
definitions-terms-title = Ord
definitions-abbreviations-title = Forkortelser og koder
definitions-index = Tallene, side for side
definitions-unit = Enhet
definitions-dataset = Datasett
definitions-link = Lenke til denne definisjonen
definitions-sql = Datasettet og spørringen som gir tallet
definitions-none-title = Ingenting passer med «{ $sought }»
definitions-none = Prøv et kortere ord, eller [se alle definisjonene]({ $link }).
definitions-made = **Definisjon**: teksten står i kontrakten og følger utgaven, så tallet og definisjonen hører sammen.
definitions-made-limits = Spørringen gir tallet slik utgaven har det. Sider kan vise et utvalg av det, for et sted eller en måned.
contents-tall = Tall
contents-ord = Ord
contents-forkortelser = Forkortelser
