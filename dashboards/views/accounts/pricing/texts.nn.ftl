### Det sida om prisen seier, på nynorsk: svaret. Resten står på bokmål.

accounts-price-title = Prisane i { $year }
accounts-price-title-up = Prisane må opp { $change } for å dekkje kostnadene i { $year }, med kostnaden for siste år utan prisvekst
accounts-price-title-down = Prisane kan setjast ned { $change } og likevel dekkje kostnadene i { $year }, med kostnaden for siste år utan prisvekst og den bruken som er venta
accounts-price-title-same = Dagens prisar dekkjer kostnadene i { $year }, med kostnaden for siste år utan prisvekst
accounts-price-title-nothing = Oppspart overskot dekkjer alle kostnadene i { $year }, så sjølvkostprisen er null
