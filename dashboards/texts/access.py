"""What a visitor is told of logging in, and of what it may not see. Bokmål and English, in plain words."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from catalog.text import Text, en, nb

if TYPE_CHECKING:
    from collections.abc import Mapping

TEXTS: Final[Mapping[str, Text]] = {
    "access.log_in": nb("Logg inn") | en("Log in"),
    "access.log_out": nb("Logg ut") | en("Log out"),
    "access.log_out.really": nb("Vil du logge ut?") | en("Do you want to log out?"),
    "access.logged_in": nb("Logget inn som {name} ({roles})") | en("Logged in as {name} ({roles})"),
    "access.logged_in.nameless": nb("Logget inn ({roles})") | en("Logged in ({roles})"),
    "access.open": nb("Sidene er åpne, men bare på denne maskinen. Innlogging er ikke satt opp.")
    | en("The pages are open, but on this machine only. No login has been set up."),
    "access.operator": nb("den som drifter løsningen") | en("whoever runs the service"),
    "access.not_logged_in.title": nb("Du er ikke logget inn") | en("You are not logged in"),
    "access.not_logged_in": nb("Logg inn for å se {app}. Etterpå kommer du tilbake til denne siden.")
    | en("Log in to see {app}. You then come back to this page."),
    "access.failed": nb("Innloggingen ble avbrutt eller mislyktes. Prøv en gang til.")
    | en("The login was broken off, or failed. Try once more."),
    "access.expired.title": nb("Du er logget ut") | en("You have been logged out"),
    "access.expired": nb("Innloggingen varer bare en viss tid. Logg inn igjen, så kommer du tilbake til denne siden.")
    | en("A login only lasts for some time. Log in again, and you come back to this page."),
    "access.no_grant.title": nb("Du har ikke tilgang") | en("You have no access"),
    "access.no_grant": nb("Du er logget inn, men ingen har gitt deg tilgang til tallene. Be om tilgang hos {contact}.")
    | en("You are logged in, but nobody has given you access to the numbers. Ask {contact} for it."),
    "access.closed.title": nb("Ingen slipper inn akkurat nå") | en("Nobody is let in just now"),
    "access.closed": nb("Det er feil i oppsettet av innloggingen. Prøv igjen senere, eller si fra til {contact}.")
    | en("Something is wrong with how logging in is set up. Try again later, or tell {contact}."),
    "access.restart.title": nb("Innloggingen er ikke klar ennå") | en("Logging in is not ready yet"),
    "access.restart": nb("Innlogging ble satt opp mens sidene gikk. Sidene må startes på nytt. Si fra til {contact}.")
    | en("Logging in was set up while the pages ran. They must be started anew. Tell {contact}."),
    "access.elsewhere.title": nb("Innlogging er ikke satt opp") | en("No login has been set up"),
    "access.elsewhere": nb("Uten innlogging vises sidene bare på maskinen de går på. Si fra til {contact}.")
    | en("Without a login the pages are shown only on the machine they run on. Tell {contact}."),
    "access.forbidden.title": nb("Dette har du ikke tilgang til") | en("You have no access to this"),
    "access.forbidden": nb("Tallene her er for færre. Trenger du dem i arbeidet ditt, be om tilgang hos {contact}.")
    | en("The numbers here are for fewer. If your work needs them, ask {contact} for access."),
}
