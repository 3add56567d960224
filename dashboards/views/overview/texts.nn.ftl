### Det oversikta seier, på nynorsk: svaret og nøkkeltala. Resten står på bokmål.

overview-answer = Fellestenestene har sendt { $dispatches } forsendingar så langt i { $year }, { $change }.
overview-answer-most = { $name } står for { $share } av forsendingane så langt i { $year }.
overview-figure-use = Forsendingar så langt i { $year }
overview-use-months = same månader i { $year }
overview-use-no_before = utan tal å samanlikne med for { $year }
overview-figure-late = Verksemder som manglar levering for { $month }
overview-figure-late-words = kvar talt éin gong; siste fire veker står i Datakvalitet
overview-figure-late-none = alle som skulle levere i { $month }, har levert
overview-use-title = { $n } forsendingar så langt i { $year }, { $change }
overview-use-subtitle = Talet på forsendingar per månad i heile landet, { $first }–{ $last }. { $year } er framheva.
overview-decide-to-result = Produktrekneskapen
overview-decide-to-income = Produktrekneskapen
overview-decide-to-spread = Utbreiinga
overview-decide-to-below = Produktrekneskapen
overview-decide-to-above = Produktrekneskapen
overview-decide-to-loan = Produktrekneskapen
overview-decide-to-annex = Tenesta
overview-decide-to-open = Produktrekneskapen
overview-decide-to-late = Datakvaliteten, siste fire veker
contents-beslutninger = Krev avgjerd
contents-forsendelser = Forsendingar
contents-produkter = Produkt
