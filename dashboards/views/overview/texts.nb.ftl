### What the overview says. Bokmål and English, in plain words.

overview-answer = Fellestjenestene har sendt { $dispatches } forsendelser så langt i { $year }, { $change }. Kommunene har til sammen tatt i bruk { $active } tjenester.
overview-figure-use = Forsendelser så langt i { $year }
overview-use-more = { $percent } flere enn i samme måneder i { $year }
overview-use-fewer = { $percent } færre enn i samme måneder i { $year }
overview-use-same = like mange som i samme måneder i { $year }
overview-use-no_before = uten sammenligning, for tallene for { $year } er ikke hele
overview-figure-late = Virksomheter som mangler levering
overview-figure-late-words = ventet i { $month }, ikke kommet
overview-figure-late-none = alle som skulle levere i { $month }, har levert
overview-use-title = { $n } forsendelser så langt i { $year }, { $change }
overview-use-subtitle = Antall forsendelser per måned i hele landet, { $first }–{ $last }. { $year } er framhevet.
overview-use-point = { $n } i { $month }
overview-use-words = Forsendelser per måned: { $first }, flest { $top }, og { $last }.
overview-decide-to-result = Produkt­regnskapet
overview-decide-to-income = Produkt­regnskapet
overview-decide-to-spread = Utbredelsen
overview-decide-to-below = Produkt­regnskapet
overview-decide-to-loan = Produkt­regnskapet
overview-decide-to-annex = Tjenesten
overview-decide-to-open = Produkt­regnskapet
overview-decide-to-late = Datakvaliteten, siste fire uker
overview-empty-title = Ingen hele måneder ennå
overview-empty = Utgaven har ingen måned som er over. Se [datakvaliteten]({ $link }) for hva som er levert.
overview-made-use = **Forsendelser**: alle godtatte forsendelser i måneden, i alle kanaler, for alle tjenester.
overview-made-late = **Mangler levering**: virksomheter som ut fra egen rytme skulle ha levert, og ikke har det.
