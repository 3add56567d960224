"""What may be invoiced: the invoice basis, from measured use and prices."""

from __future__ import annotations

from catalog.contracts import columns as c
from catalog.contracts import rules as r
from catalog.contracts.language import Audience, DatasetContract
from catalog.domain.products import FLOWS, PRICE_ELEMENTS, SERVICES
from catalog.facts import read
from catalog.tables import usage
from catalog.text import en, nb

PERSON_PRICED: tuple[str, ...] = tuple(
    row["price_element"]
    for row in read("price_element")
    if row["service"] in usage.SENSITIVE_SERVICES and row["measure"] in (*FLOWS, usage.DISPATCHES)
)
"""Person-priced elements: priced by use at a protected service, so an amount and its price give a count of cases."""

PRICE_RULES_APART = " + "
"""Between the keys of `price_rule` where the price changes within the month, in the order of their days."""

BASIS_STATES = ("READY", "NO_PRICE", "NO_AGREEMENT")
BASIS_NOTES = ("NO_RULE", "AMBIGUOUS_PRICE", "NO_DAY", "NO_INHABITANTS", "NO_ANNEX", "TERMINATED")
"""Why a line is not ready: the first four go with NO_PRICE, the others with NO_AGREEMENT."""

BILLABLE_MONTH = DatasetContract(
    schema="conformed",
    table="billable_month",
    title=nb("Forsendelser til fakturagrunnlaget") | en("Dispatches for the invoice basis"),
    about=nb(
        "Én rad per måned (da forsendelsen ble laget), virksomhet, konto, tjeneste, kanal, utfall, "
        "leveringsmåned og dagene den ble kjent, hvis det var etter måneden. Endres en pris for tjenesten i måneden, "
        "telles forsendelsene for hver pris. Konto er utelatt for "
        "følsomme tjenester, og når virksomheten i måneden har forsendelser fra et følsomt fagsystem "
        "eller uten oppgitt fagsystem, så kontoen ikke røper noe."
    )
    | en(
        "One row per month (when the dispatch was created), organisation, account, service, channel, "
        "outcome, month of delivery and the days it became known, if after the month. Where a price of the service "
        "changes within the month, the dispatches are counted for each price. The account is "
        "left out for sensitive services, and where the organisation has dispatches from a sensitive or "
        "unstated source system in the month, so that it reveals nothing."
    ),
    owner="team:okonomi",
    audience=Audience.INTERNAL,
    partitioned=True,
    sources=("dispatch", "source_system"),
    columns=(
        c.MONTH.but(key=True),
        c.ORGANISATION_NUMBER.but(key=True),
        c.ACCOUNT_ID.but(key=True, null=True),
        c.SERVICE.but(key=True),
        c.CHANNEL.but(key=True),
        c.OUTCOME.but(key=True),
        c.MONTH.but(name="delivered_month", title=nb("Levert i") | en("Delivered in"), key=True, null=True).explained(
            "Måneden forsendelsen først ble levert; tom hvis den ikke er levert.",
            "The month of first delivery; null if not delivered.",
        ),
        c.date("received_on", "Mottatt", "Received on", key=True, null=True).explained(
            "Dagen vi først fikk melding om forsendelsen; tom hvis det var i måneden.",
            "The day of the first message about it; null if within the month.",
        ),
        c.date("known_on", "Mottatt og levert", "Received and delivered", key=True, null=True).explained(
            "Den siste av mottaksdagen og første leveringsdag; tom hvis den er i måneden.",
            "The later of the day it was received and the day it was first delivered; null if within the month.",
        ),
        c.date("created_from", "Laget fra", "Created from", key=True, null=True).explained(
            "Første dag med de prisene som gjaldt da forsendelsen ble laget; tom når ingen av dem endres i måneden.",
            "The first day of the prices in force when the dispatch was created; null where none of them changes in "
            "the month.",
        ),
        c.date("delivered_from", "Levert fra", "Delivered from", key=True, null=True).explained(
            "Det samme for dagen den først ble levert, for priser som teller etter levering.",
            "The same for the day it was first delivered, of prices that count by delivery.",
        ),
        c.count("dispatches", "Forsendelser", "Dispatches", "forsendelser"),
        c.SYNTHETIC,
    ),
    rules=(r.one_of("service", SERVICES), r.at_least("dispatches", 1)),
)

CUSTOMER_SPAN = DatasetContract(
    schema="conformed",
    table="customer_span",
    title=nb("Kundeforhold til fakturagrunnlaget") | en("Customers for the invoice basis"),
    about=nb("Én rad per kunde, tjeneste, tilstand og første måned, utledet bare av hendelsene.")
    | en("One row per customer, service, state and first month, derived from events alone."),
    owner="team:okonomi",
    audience=Audience.INTERNAL,
    sources=("adoption",),
    columns=(
        c.ORGANISATION_NUMBER.but(key=True),
        c.SERVICE.but(key=True),
        c.text("state", "Tilstand", "State", key=True).explained(
            "AGREED (har tatt et steg), ACTIVE (aktivert og ikke sagt opp) eller TERMINATED (sagt opp, ingen "
            "hendelser siden).",
            "AGREED (took a step), ACTIVE (activated, not terminated) or TERMINATED (and nothing since).",
        ),
        c.MONTH.but(name="first_month", title=nb("Fra og med") | en("From"), key=True),
        c.MONTH.but(name="last_month", title=nb("Til og med") | en("Through"), null=True),
        c.flag("exact", "Kjent tidspunkt", "Known exactly"),
        c.flag("first_time", "Første gang", "First time"),
        c.text("customer_kind", "Kundetype", "Kind of customer"),
        c.text("place", "Kommune eller fylke", "Municipality or county", null=True).explained(
            "Nummeret innbyggerne telles under.", "The code under which inhabitants are counted."
        ),
        c.flag("annexes_told", "Vedlegg rapporteres", "Annexes reported").explained(
            "Om noen har rapportert vedlegg for tjenesten.", "Whether anybody has reported an annex for the service."
        ),
        c.SYNTHETIC,
    ),
    rules=(r.one_of("state", ("AGREED", "ACTIVE", "TERMINATED")), r.one_of("service", SERVICES)),
)

CUSTOMER_CHARGE = DatasetContract(
    schema="conformed",
    table="customer_charge",
    title=nb("Betaling uavhengig av bruk") | en("Charges regardless of use"),
    about=nb("Én rad per måned, kunde og tilbud (priselement med regel) som gjelder kunden.")
    | en("One row per month, customer and offer (price element and rule) that applies to the customer."),
    owner="team:okonomi",
    audience=Audience.INTERNAL,
    sources=("adoption", "price_rule", "population"),
    partitioned=True,
    columns=(
        c.MONTH.but(key=True),
        c.ORGANISATION_NUMBER.but(key=True),
        c.int64("offer", "Tilbud", "Offer", key=True),
        c.text("channel", "Trinn", "Bracket", key=True, null=True),
        c.quantity("quantity", "Mengde", "Quantity", "etter unit"),
        c.price("own_price", "Kundens andel", "Customer's share", null=True).explained(
            "Av et beløp som fordeles.", "Of an amount that is shared out."
        ),
        c.text("no_fit", "Mangler regel", "No matching rule", null=True),
        c.SYNTHETIC,
    ),
    rules=(r.first_of_month("month"), r.at_least("quantity", 0)),
)

INVOICE_BASIS = DatasetContract(
    schema="ledger",
    table="invoice_basis",
    title=nb("Fakturagrunnlag") | en("Invoice basis"),
    about=nb(
        "Én rad per betaler, virksomhet, konto, tjeneste, priselement, kanal, måned og pris: beløpet som målt "
        "bruk og inngåtte avtaler tilsier. Hver forsendelse, melding og hvert oppslag har prisen som gjaldt den dagen. "
        "Bare priser for tid (måned, innbyggere, konto, adapter, aktiv måned) vektes etter dager når de endres i "
        "måneden; en pris for et kvartal eller år og en tilkoblingspris er den som gjelder den første i måneden. En "
        "avtale som opphører idet måneden begynner, koster ikke noe den måneden. En årspris gjelder én gang per "
        "kalenderår, kunde og element, en kvartalspris én gang per kvartal. Kommuner som senere ble slått sammen, "
        "betaler hver for seg for tiden før sammenslåingen, og den nye fra da av. Måneder før målingene startet, er "
        "utelatt. "
        "Bruk av følsomme tjenester har eksakte tall, men ikke konto: Bare betaleren selv, og de som får se hva "
        "enkeltkunder betaler, kan lese radene."
    )
    | en(
        "One row per payer, organisation, account, service, price element, channel, month and price: what "
        "measured use and agreements imply. Each dispatch, message and look-up has the price of its day. Only prices "
        "for time (month, inhabitants, account, adapter, active month) are prorated by days when they change within "
        "the month; a price for a quarter or a year and a joining fee are those of the first of the month. An "
        "agreement that ends as the month begins owes nothing for it. A yearly price is due once per "
        "calendar year, customer and element, a quarterly one once per quarter. Municipalities that merged later "
        "each owe for the time before they merged, and the new one from then on. Months before measurement began are "
        "left out. Use of sensitive services has exact figures, without account: only the payer, and those who may "
        "see what single customers pay, can read the rows."
    ),
    owner="team:okonomi",
    audience=Audience.LEDGER,
    partitioned=True,
    sources=("dispatch", "measurement", "adoption", "price_rule", "payer", "source_system"),
    version=3,
    replaces_at_once="The former version charged a new price for the days before it; nobody may invoice by it.",
    columns=(
        c.ORGANISATION_NUMBER.but(name="payer_number", title=nb("Betaler") | en("Payer"), key=True),
        c.ORGANISATION_NUMBER.but(key=True),
        c.ACCOUNT_ID.but(key=True, null=True).explained(
            "Tom der elementet ikke telles per konto, for bruk av følsomme tjenester og for følsomme fagsystemer.",
            "Null where the element is not counted by account, for use of sensitive services, and for sensitive "
            "source systems.",
        ),
        c.SERVICE.but(key=True),
        c.text("price_element", "Priselement", "Price element", key=True),
        c.text(
            "channel", "Kanal, meldingstype eller trinn", "Channel, message type or bracket", key=True, null=True
        ).explained(
            "Trinn: innbyggere fra og til, når prisen per innbygger avhenger av størrelsen. Tom når prisen er den "
            "samme for alle.",
            "Bracket: inhabitants from and to, where the price per inhabitant depends on size. Null where one price "
            "is for all.",
        ),
        c.MONTH.but(key=True),
        c.date("price_from", "Pris fra", "Price from", key=True, null=True).explained(
            "Første dag i måneden med prisen på raden; raden teller enhetene fra den dagen og til neste pris. Tom når "
            "samme pris gjelder hele måneden, og for priser for tid.",
            "The first day of the month at the row's price; the row counts the units from that day until the next "
            "price. Null where one price holds all month, and for prices for time.",
        ),
        c.quantity("quantity", "Mengde", "Quantity", "etter unit").explained(
            "Mengden som skal stå på fakturalinjen. Ikke summer ulike priselementer: enhetene er ulike, og den samme "
            "forsendelsen kan telle i flere.",
            "The quantity to put on the invoice line. Do not sum different price elements: units differ, and several "
            "may count the same dispatch.",
        ),
        c.text("unit", "Enhet", "Unit", null=True).explained("Tom uten pris.", "Null without a price."),
        c.price("unit_price", "Enhetspris", "Unit price", null=True).explained(
            "Tom uten pris.", "Null without a price."
        ),
        c.text("price_rule", "Prisregel", "Price rule", null=True).explained(
            "Nøkkelen i registeret price_rule, delene skilt med /; tom uten pris. Flere nøkler er skilt med « + »: en "
            "pris for tid som endres i måneden, eller regler etter hverandre med samme pris.",
            "The key in the register price_rule, its parts separated by /; null without a price. Several keys are "
            "separated by ' + ': a price for time that changes within the month, or rules one after the other at one "
            "price.",
        ),
        c.amount("amount_ore", "Beløp", "Amount", null=True).explained(
            "Uten mva. Tom uten pris.", "Excl. VAT. Null without a price."
        ),
        c.text("status", "Status", "Status").explained(
            "READY, NO_PRICE (ingen prisregel gjelder) eller NO_AGREEMENT (bruk uten vedlegg, eller oppsagt).",
            "READY, NO_PRICE (no price rule applies) or NO_AGREEMENT (use without an annex, or terminated).",
        ),
        c.text("note", "Merknad", "Note", null=True).explained(
            "Hvorfor linjen ikke er klar: NO_RULE (ingen regel gjelder for kunden og dagen), AMBIGUOUS_PRICE (flere "
            "regler gjelder), NO_DAY (prisen endres i måneden, og all bruk fra kilden er meldt på én dag: be "
            "produsenten melde den per dag), NO_INHABITANTS (innbyggertall mangler), NO_ANNEX eller TERMINATED.",
            "Why the line is not ready: NO_RULE (no rule applies to the customer and day), AMBIGUOUS_PRICE (several "
            "rules apply), NO_DAY (the price changes within the month, and the source reports all use on one day: ask "
            "the producer to report it by day), NO_INHABITANTS (population is missing), NO_ANNEX or TERMINATED.",
        ),
        c.SYNTHETIC,
    ),
    rules=(
        r.one_of("service", SERVICES),
        r.one_of("price_element", PRICE_ELEMENTS),
        r.one_of("status", BASIS_STATES),
        r.one_of("note", BASIS_NOTES),
        r.Rule(
            "amount_ties",
            "coalesce(try(round(quantity::decimal(38,10) * unit_price * 100) = amount_ore), false) "
            "or (status = 'NO_PRICE' and amount_ore is null)",
            ("quantity", "unit_price", "amount_ore", "status"),
            nb("Mengde × enhetspris må være lik beløpet.") | en("Quantity × unit price must equal the amount."),
        ),
        r.first_of_month("month"),
        r.modulus_11("payer_number"),
        r.modulus_11("organisation_number"),
    ),
)

LATE_USE = DatasetContract(
    schema="conformed",
    table="late_use",
    title=nb("Bruk som ble kjent etter måneden") | en("Use that became known after its month"),
    about=nb(
        "Én rad per måned, virksomhet, tjeneste, priselement og dag: den delen av mengden i "
        "fakturagrunnlaget som først ble kjent den dagen. Bruk som ble kjent i måneden, faste priser og "
        "betaling uavhengig av bruk er utelatt."
    )
    | en(
        "One row per month, organisation, service, price element and day: the part of the invoice basis "
        "quantity that first became known on that day. Use known within the month, fixed prices and "
        "charges regardless of use are left out."
    ),
    owner="team:okonomi",
    audience=Audience.INTERNAL,
    partitioned=True,
    sources=("dispatch", "measurement", "price_rule"),
    columns=(
        c.MONTH.but(key=True),
        c.ORGANISATION_NUMBER.but(key=True),
        c.SERVICE.but(key=True),
        c.text("price_element", "Priselement", "Price element", key=True),
        c.date("known_on", "Kjent fra", "Known on", key=True),
        c.quantity("quantity", "Mengde", "Quantity", "etter unit"),
        c.date("reported_from", "Første rapport", "First reported", null=True).explained(
            "Da vi først mottok noens bruk av elementet i måneden; tom hvis det var i måneden.",
            "When anybody's use of the element in the month was first received; null if within the month.",
        ),
        c.SYNTHETIC,
    ),
    rules=(
        r.one_of("service", SERVICES),
        r.one_of("price_element", PRICE_ELEMENTS),
        r.first_of_month("month"),
        r.Rule(
            "known_after_the_month",
            "quantity > 0 and known_on >= month + interval 1 month",
            ("quantity", "known_on"),
            nb("Sen bruk må være over null, og kjent etter måneden.")
            | en("Late use must be above zero, and known after the month."),
        ),
    ),
)

DATASETS: tuple[DatasetContract, ...] = (INVOICE_BASIS,)
