"""Whom to call: municipalities that do not use a service, suppliers that hold many back, and inconsistencies."""

from __future__ import annotations

from catalog.contracts import columns as c
from catalog.contracts import rules as r
from catalog.contracts.language import Additivity, DatasetContract
from catalog.domain.products import SERVICES
from catalog.tables.uptake import NOT_LISTED
from catalog.text import en, nb

NOT_STARTED = "NONE"
"""The step of a municipality that has taken no step."""
WAITING_STEPS = ("ACTIVATED", "CONFIGURED", "ANNEX_SIGNED", "SUSPENDED", NOT_LISTED, "TERMINATED", NOT_STARTED)
"""The steps of municipalities that are not active, nearest to use first."""
READY = ("YES", "NO", "UNKNOWN")
FOLLOW_UP_WORDS = {
    "KONTAKTET": nb("Kontaktet") | en("Contacted"),
    "PLANLAGT": nb("Planlagt") | en("Planned"),
    "TAKKET_NEI": nb("Takket nei") | en("Declined"),
    "IKKE_AKTUELT": nb("Ikke aktuelt") | en("Not relevant"),
}
"""The choices of follow-up."""
FOLLOW_UPS = tuple(FOLLOW_UP_WORDS)
DECLINED = ("TAKKET_NEI", "IKKE_AKTUELT")
"""Follow-ups that remove a municipality from the list; they are counted in `uptake.declined`."""
EXCEPTIONS = (
    *("USE_WITHOUT_ANNEX", "PAYS_WITHOUT_USE", "USE_WITHOUT_INVOICE", "USE_AFTER_TERMINATION"),
    *("STEP_BEFORE_LAUNCH", "TERMINATED_BEFORE_SIGNED", "SIGNED_TWICE", "STEP_OF_ANOTHER_MUNICIPALITY"),
)
"""Inconsistencies between agreement, use and invoice, and impossible orders of steps."""
_OWNER = "team:nettverk"
_LAST = Additivity.LAST

_CODE = c.MUNICIPALITY_CODE.explained("I dagens inndeling.", "In the current division.")
_MUNICIPALITY = c.text("municipality", "Kommune", "Municipality")


NOT_YET = DatasetContract(
    schema="uptake",
    table="not_yet",
    title=nb("Ringelisten") | en("The call list"),
    about=nb(
        "Én rad per tjeneste og kommune som kan ta den i bruk, men ikke har gjort det. Regnet for siste "
        "måned med tall for tjenesten. Produktkatalogen viser hvem som kan ta den i bruk; når det ikke "
        "er oppgitt, kan en kommune det hvis noen annen kommune har gjort det. De som har takket nei, "
        "står i uptake.declined. Eksterne produkter er utelatt."
    )
    | en(
        "One row per service and municipality that can adopt it but has not, as of the service's last "
        "month with figures. The product catalogue says who can adopt it; if it does not, a municipality "
        "can if any other municipality has. Those who declined are in uptake.declined. External products "
        "are left out."
    ),
    owner=_OWNER,
    sources=(
        "adoption",
        "dispatch",
        "measurement",
        "follow_up",
        "source_system",
        "supplier_support",
        "contact",
        "product",
        "network_member",
    ),
    non_additive_across=("service",),
    columns=(
        c.SERVICE.but(key=True),
        _CODE.but(key=True),
        _MUNICIPALITY,
        c.text("county", "Fylke", "County", null=True),
        c.text("network", "Nettverk", "Network", null=True).explained(
            "Alle nettverk kommunen er med i, skilt med komma.",
            "All networks the municipality belongs to, separated by commas.",
        ),
        c.MONTH.explained(
            "Måneden for steget: den siste med tall for tjenesten.",
            "The month of the step: the last with figures for the service.",
        ),
        c.MONTH.but(name="active_month", title=nb("Måned for brukstallet") | en("Month of the usage number")).explained(
            "Måneden da kommunen ikke var i gang: den siste med målt bruk, hvis den er høyst to måneder "
            "eldre enn steget; ellers stegets måned.",
            "The month in which the municipality was not active: the last with measured use, if at most two "
            "months older than the step's; else the month of the step.",
        ),
        c.int32("priority", "Prioritet", "Priority", additivity=Additivity.NONE).explained(
            "1: vedlegg eller oppsett uten bruk. 2: leverandøren er klar og en av de ti mest like er i "
            "gang. 3: leverandøren er klar. 4: resten, og alle der leverandøren ikke er klar ennå.",
            "1: annex or configured without use. 2: supplier ready and one of the ten most similar active. "
            "3: supplier ready. 4: the rest, and all whose supplier is not ready yet.",
        ),
        c.text("sentence", "Kort sagt", "Summary, Norwegian", null=False),
        c.text("sentence_en", "Kort sagt, engelsk", "Summary, English", null=False),
        c.text("step", "Steg", "Step").explained(
            "Siste steg; NONE når ingen steg er tatt. ACTIVATED her betyr at bruken har stanset eller aldri begynte.",
            "The last step; NONE when none was taken. ACTIVATED here means that use stopped or never began.",
        ),
        c.int32(
            "months_waiting", "Ventetid i måneder", "Months waiting", "måneder", null=True, additivity=Additivity.NONE
        ).explained(
            "Hele måneder siden steget ble tatt; tom uten steg, etter oppsigelse, etter aktivering (da "
            "regnes ventetiden fra siste bruk), og når steget bare er kjent som «senest».",
            "Whole months since the step was taken; null without a step, after termination, after activation "
            "(waiting is then counted from its last use), and if the step is known only as 'no later than'.",
        ),
        c.count("inhabitants", "Innbyggere", "Inhabitants", "innbyggere", null=True, additivity=_LAST).explained(
            "Siste kjente tall; tom når det mangler.", "The last known figure; null if it is missing."
        ),
        c.text("supplier_ready", "Er leverandøren klar?", "Is the supplier ready?").explained(
            "YES: kommunen er sett med leverandørens system siste tolv måneder, og samme system leverer tjenesten "
            "for minst tre andre, eller registeret sier det. NO: registeret sier at støtten kommer senere. "
            "UNKNOWN: ellers.",
            "YES: the municipality was seen with the supplier's system within twelve months, and that system "
            "carries "
            "the service for three others or more, or the register says so. NO: the register says that support "
            "comes later. "
            "UNKNOWN: otherwise.",
        ),
        c.text("supplier", "Leverandør", "Supplier", null=True).explained(
            "Leverandøren svaret gjelder.", "The supplier the answer is about."
        ),
        c.text("source_system", "Fagsystem", "Source system", null=True).explained(
            "Systemet som svaret gjelder.", "The system the answer is about."
        ),
        c.count(
            "supplier_carries",
            "Andre kommuner systemet leverer for",
            "Other municipalities served",
            "kommuner",
            null=True,
            additivity=_LAST,
        ).explained(
            "Tom uten kjent system, og der vi mangler fagsystemdata for tjenesten, som ved følsomme tjenester.",
            "Null without a known system, and where source system data is missing for the service, as at "
            "sensitive ones.",
        ),
        c.text("supplier_evidence", "Grunnlag for svaret", "Basis, Norwegian", null=False),
        c.text(
            "supplier_evidence_en",
            "Grunnlag for svaret, engelsk",
            "Basis, English",
            null=False,
        ),
        c.text("nearest", "Mest lignende aktive kommune", "Most similar active municipality", null=True).explained(
            "Kommunenummer til den mest lignende kommunen som er i gang. Hvis ingen av de lignende er det: "
            "den nærmeste i innbyggertall i samme nettverk eller fylke. Tom når ingen er i gang.",
            "Code of the most similar municipality that is active; if none is, the nearest in inhabitants in "
            "the same network or county. Null if nobody is active.",
        ),
        c.text("nearest_municipality", "Navn på lignende kommune", "Name of similar municipality", null=True),
        c.text("nearest_reason", "Likhet", "Similarity", null=True),
        c.text("contact", "Kontakt", "Contact", null=True).explained("Funksjonsadresse.", "A shared function address."),
        c.text("change_since_last_week", "Endret siste uke", "Changed in the last week", null=True).explained(
            "Steg eller oppfølging de siste sju dagene; tom når ingen.",
            "A step or follow-up in the last seven days; null when none.",
        ),
        c.text(
            "change_since_last_week_en",
            "Endret siste uke, på engelsk",
            "Changed in the last week, in English",
            null=True,
        ).explained("Det samme på engelsk.", "The same in English."),
        c.text("follow_up", "Oppfølging", "Follow-up", null=True).explained(
            "KONTAKTET eller PLANLAGT; tom når ingen.", "KONTAKTET (contacted) or PLANLAGT (planned); null when none."
        ),
        c.date("followed_up_on", "Fulgt opp", "Followed up on", null=True),
        c.text("follow_up_note", "Merknad", "Note", null=True),
        c.SYNTHETIC,
    ),
    rules=(
        r.of_now("municipality_code"),
        r.one_of("service", SERVICES),
        r.one_of("step", WAITING_STEPS),
        r.one_of("supplier_ready", READY),
        r.one_of("follow_up", FOLLOW_UPS[:2]),
        r.first_of_month("month"),
        r.between("priority", 1, 4),
        r.at_least("months_waiting", 0),
    ),
)

DECLINED_TABLE = DatasetContract(
    schema="uptake",
    table="declined",
    title=nb("Har takket nei") | en("Declined"),
    about=nb(
        "Én rad per tjeneste og kommune som har takket nei eller ikke er aktuell, og derfor er utelatt fra ringelisten."
    )
    | en("One row per service and municipality that declined or is not relevant, and so is left out of the call list."),
    owner=_OWNER,
    sources=("follow_up",),
    non_additive_across=("service",),
    columns=(
        c.SERVICE.but(key=True),
        _CODE.but(key=True),
        _MUNICIPALITY,
        c.text("follow_up", "Oppfølging", "Follow-up", null=False),
        c.date("followed_up_on", "Fulgt opp", "Followed up on", null=True),
        c.text("follow_up_note", "Merknad", "Note", null=True),
        NOT_YET["inhabitants"],
        c.SYNTHETIC,
    ),
    rules=(r.one_of("service", SERVICES), r.one_of("follow_up", DECLINED), r.of_now("municipality_code")),
)

SUPPLIER_GAP = DatasetContract(
    schema="uptake",
    table="supplier_gap",
    title=nb("Leverandører med flest ventende kommuner") | en("Suppliers with the most waiting municipalities"),
    about=nb(
        "Én rad per tjeneste, leverandør og fagsystem som minst én ventende kommune har brukt siste tolv "
        "måneder: hvor mange som har tjenesten i bruk gjennom systemet, og hvor mange som venter."
    )
    | en(
        "One row per service, supplier and source system that at least one waiting municipality used "
        "within twelve months: how many have the service active through the system, and how many wait."
    ),
    owner=_OWNER,
    sources=("dispatch", "adoption", "source_system", "supplier_support"),
    non_additive_across=("service", "source_system"),
    columns=(
        c.SERVICE.but(key=True),
        c.text("supplier", "Leverandør", "Supplier", null=True, key=True),
        c.text("source_system", "Fagsystem", "Source system", null=False, key=True),
        c.count(
            "active", "Aktive gjennom systemet", "Active through the system", "kommuner", null=True, additivity=_LAST
        ).explained(
            "Tom der vi mangler fagsystemdata for tjenesten, som ved følsomme tjenester.",
            "Null where source system data is missing for the service, as at sensitive ones.",
        ),
        c.count("waiting", "Venter", "Waiting", "kommuner", additivity=_LAST),
        c.count(
            "inhabitants",
            "Innbyggere i ventende kommuner",
            "Inhabitants of waiting municipalities",
            "innbyggere",
            null=True,
            additivity=_LAST,
        ).explained(
            "Summen av de siste kjente tallene; tom når ingen er kjent.",
            "The sum of the last known figures; null if none is known.",
        ),
        c.text("supplier_ready", "Er leverandøren klar?", "Is the supplier ready?"),
        NOT_YET["supplier_evidence"],
        NOT_YET["supplier_evidence_en"],
        c.texts("municipality_codes", "Ventende kommuner", "Waiting municipalities"),
        c.SYNTHETIC,
    ),
    rules=(
        r.one_of("service", SERVICES),
        r.one_of("supplier_ready", READY),
        r.at_least("active", 0),
        r.at_least("waiting", 1),
    ),
)

EXCEPTION = DatasetContract(
    schema="uptake",
    table="exception",
    title=nb("Avvik i avtale, bruk og faktura") | en("Exceptions in agreement, use and invoice"),
    about=nb(
        "Én rad per kunde, tjeneste og avvik: bruk uten vedlegg, betaler uten bruk, bruk uten faktura og "
        "bruk etter oppsigelse, i de siste tolv hele månedene; og steg før lansering, oppsigelse uten "
        "avtale og vedlegg signert to ganger, uansett tidspunkt. Tjenester uten målt bruk, rapporterte "
        "vedlegg eller fakturaer har ikke avvikene som krever slike data."
    )
    | en(
        "One row per customer, service and exception: use without annex, pays without use, use without "
        "invoice and use after termination, in the last twelve whole months; and steps before the "
        "service was launched, a termination of nothing, and an annex signed twice, at any time. "
        "Services without measured use, reported annexes or invoices lack the exceptions that need such "
        "data."
    ),
    owner="team:produkt",
    sources=("adoption", "dispatch", "measurement", "invoice_line", "product"),
    columns=(
        c.text("exception", "Avvik", "Exception", key=True),
        c.SERVICE.but(key=True),
        c.ORGANISATION_NUMBER.but(key=True),
        c.text("organisation", "Virksomhet", "Organisation", null=True),
        _CODE.but(null=True).explained(
            "Tom når kunden ikke er en kommune.", "Null where the customer is not a municipality."
        ),
        c.MONTH.but(name="first_month", title=nb("Første måned") | en("First month")),
        c.MONTH.but(name="last_month", title=nb("Siste måned") | en("Last month")),
        c.int32("months", "Måneder", "Months", "måneder", additivity=Additivity.NONE),
        c.text("sentence", "Kort sagt", "Summary, Norwegian", null=False),
        c.text("sentence_en", "Kort sagt, engelsk", "Summary, English", null=False),
        c.SYNTHETIC,
    ),
    rules=(
        r.of_now("municipality_code"),
        r.one_of("exception", EXCEPTIONS),
        r.one_of("service", SERVICES),
        r.modulus_11("organisation_number"),
        r.first_of_month("first_month"),
        r.first_of_month("last_month"),
        r.at_least("months", 1),
    ),
)

DATASETS = (NOT_YET, DECLINED_TABLE, SUPPLIER_GAP, EXCEPTION)
