### Det sida om prisen seier, på nynorsk: svaret. Resten står på bokmål.

accounts-price-title = Prisane i { $year }
accounts-price-title-nothing = Oppspart overskot dekkjer alle kostnadene i { $year }, så sjølvkostprisen er null
