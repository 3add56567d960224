### Det den som er på besøk, får vite om innlogging og om det han ikkje kan sjå, på nynorsk.

access-log_in = Logg inn
access-log_out = Logg ut
access-log_out-really = Vil du logge ut?
access-logged_in = Logga inn som { $name } ({ $roles })
access-logged_in-nameless = Logga inn ({ $roles })
access-open = Sidene er opne, men berre på denne maskina. Innlogging er ikkje sett opp.
access-operator = den som driftar løysinga
access-not_logged_in-title = Du er ikkje logga inn
access-not_logged_in = Logg inn for å sjå { $app }. Etterpå kjem du tilbake til denne sida.
access-failed = Innlogginga vart avbroten eller gjekk ikkje. Prøv ein gong til.
access-expired-title = Du er logga ut
access-expired = Innlogginga varer berre ei viss tid. Logg inn igjen, så kjem du tilbake til denne sida.
access-no_grant-title = Du har ikkje tilgang
access-no_grant = Du er logga inn, men ingen har gitt deg tilgang til tala. Be om tilgang hos { $contact }.
access-closed-title = Ingen kan logge inn akkurat no
access-closed = Det er feil i oppsettet av innlogginga. Prøv igjen seinare, eller sei frå til { $contact }.
access-restart-title = Innlogginga er ikkje klar enno
access-restart = Innlogging vart sett opp medan løysinga køyrde. Løysinga må startast på nytt. Sei frå til { $contact }.
access-elsewhere-title = Innlogging er ikkje sett opp
access-elsewhere = Utan innlogging blir sidene berre viste på den maskina dei køyrer på. Sei frå til { $contact }.
access-forbidden-title = Dette har du ikkje tilgang til
access-forbidden = Berre nokre roller har tilgang til tala her. Treng du dei i arbeidet ditt, kan du be om tilgang hos { $contact }.
