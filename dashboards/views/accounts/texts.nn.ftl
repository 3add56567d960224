### Det produktrekneskapen seier, på nynorsk: svaret og nøkkeltala. Resten står på bokmål.

accounts-whole_year = Heile året
accounts-answer-surplus = { $service } dekkjer kostnadene sine { $when }: Inntekta er { $coverage } av kostnaden, og overskotet er { $amount }.
accounts-answer-same = uendra
accounts-answer-deficit = { $service } dekkjer ikkje kostnadene sine { $when }: Inntekta er { $coverage } av kostnaden, og { $amount } manglar.
accounts-answer-about = { $service } dekkjer om lag kostnadene sine { $when }: Inntekta er { $coverage } av kostnaden, og { $amount } manglar.
accounts-answer-down = { $amount } lågare
accounts-answer-even = { $service } går i null { $when }: Inntekta er { $coverage } av kostnaden.
accounts-answer-no_cost = { $service } har { $amount } i inntekt { $when }. Ingen kostnad er ført.
accounts-answer-moved = Samanlikna med same månader året før er inntekta { $income } og kostnaden { $cost }.
accounts-answer-up = { $amount } høgare
accounts-answer-largest = Den største kostnaden er { $part }, { $share } av alle kostnader.
accounts-answer-twelve-over = Over tolv månader er inntekta derimot { $coverage } av kostnaden, og overskotet er { $amount }.
accounts-answer-twelve-short = Over tolv månader er inntekta derimot berre { $coverage } av kostnaden, og { $amount } manglar.
accounts-months_before = same månader året før
accounts-no_year_before = kan ikkje samanliknast: rekneskapen manglar same månader året før
accounts-coverage-low = under { $low } %: inntekta dekkjer ikkje kostnaden
accounts-coverage-good = mellom { $low } og { $high } %: inntekta dekkjer om lag kostnaden
accounts-coverage-high = over { $high } %: brukarane betaler meir enn det kostar
accounts-coverage-none = manglar: det er ikkje ført nokon kostnad
accounts-coverage-twelve = dei tolv månadene til og med { $month }: { $coverage }
accounts-coverage-twelve-short = dei tolv månadene til og med { $month }: { $coverage }, { $amount } manglar
accounts-coverage-twelve-over = dei tolv månadene til og med { $month }: { $coverage }, { $amount } over
accounts-carried-surplus = overskot ved utgangen av { $month }, som skal tilbake til brukarane
accounts-carried-deficit = underskot ved utgangen av { $month }, som skal dekkjast inn
accounts-carried-none = verken overskot eller underskot ved utgangen av { $month }
