### Det sida med definisjonar seier, på nynorsk. Sjølve definisjonane kjem frå utgåva og står på bokmål.

definitions-answer = Her finn du definisjonen av { $n } tal, side for side, og forklaringa på { $terms } ord og forkortingar.
definitions-not_in_release = Utgåve { $release } vart laga før definisjonane vart ein del av utgåvene.
filter-sok = Søk i definisjonar og ord
definitions-numbers-title = Tala
definitions-numbers-found = Tal som passar med «{ $sought }»: { $n }
definitions-terms-title = Ord
definitions-abbreviations-title = Forkortingar og kodar
definitions-index = Tala, side for side
definitions-unit = Eining
definitions-dataset = Datasett
definitions-link = Lenkje til denne definisjonen
definitions-sql = Datasettet og spørjinga som gir talet
definitions-none-title = Ingenting passar med «{ $sought }»
definitions-none = Prøv eit kortare ord, eller [sjå alle definisjonane]({ $link }).
definitions-made = **Definisjon**: teksten står i kontrakten og følgjer utgåva, så talet og definisjonen høyrer saman.
definitions-made-limits = Spørjinga gir talet slik utgåva har det. Sider kan vise eit utval av det, for ein stad eller ein månad.
contents-tall = Tal
contents-ord = Ord
contents-forkortelser = Forkortingar
