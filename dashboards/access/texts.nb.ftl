### What a visitor is told of logging in, and of what it may not see. Bokmål and English, in plain words.

access-log_in = Logg inn
access-log_out = Logg ut
access-log_out-really = Vil du logge ut?
access-logged_in = Logget inn som { $name } ({ $roles })
access-logged_in-nameless = Logget inn ({ $roles })
access-open = Sidene er åpne, men bare på denne maskinen. Innlogging er ikke satt opp.
access-operator = den som drifter løsningen
access-not_logged_in-title = Du er ikke logget inn
access-not_logged_in = Logg inn for å se { $app }. Etterpå kommer du tilbake til denne siden.
access-failed = Innloggingen ble avbrutt eller mislyktes. Prøv en gang til.
access-expired-title = Du er logget ut
access-expired = Innloggingen varer bare en viss tid. Logg inn igjen, så kommer du tilbake til denne siden.
access-no_grant-title = Du har ikke tilgang
access-no_grant = Du er logget inn, men ingen har gitt deg tilgang til tallene. Be om tilgang hos { $contact }.
access-closed-title = Ingen kan logge inn akkurat nå
access-closed = Det er feil i oppsettet av innloggingen. Prøv igjen senere, eller si fra til { $contact }.
access-restart-title = Innloggingen er ikke klar ennå
access-restart = Innlogging ble satt opp mens løsningen kjørte. Løsningen må startes på nytt. Si fra til { $contact }.
access-elsewhere-title = Innlogging er ikke satt opp
access-elsewhere = Uten innlogging vises sidene bare på maskinen de kjører på. Si fra til { $contact }.
access-forbidden-title = Dette har du ikke tilgang til
access-forbidden = Bare noen roller har tilgang til tallene her. Trenger du dem i arbeidet ditt, kan du be om tilgang hos { $contact }.
