"""What may be invoiced: the basis of invoices, from measured use and prices."""

from __future__ import annotations

import pyarrow as pa

from catalog.contracts import columns as c
from catalog.contracts import rules as r
from catalog.contracts.language import Additivity, Audience, Column, DatasetContract
from catalog.domain.products import PRICE_ELEMENTS, SERVICES
from catalog.text import en, nb

BASIS_STATES = ("READY", "NO_PRICE", "NO_AGREEMENT")
BASIS_NOTES = ("NO_RULE", "AMBIGUOUS_PRICE", "NO_INHABITANTS", "NO_ANNEX", "TERMINATED")
"""Why a line is not ready: the first three go with NO_PRICE, the others with NO_AGREEMENT."""

BILLABLE_MONTH = DatasetContract(
    schema="conformed",
    table="billable_month",
    title=nb("Forsendelser til fakturagrunnlaget") | en("Dispatches for the invoice basis"),
    about=nb(
        "Én rad per måned (da forsendelsen ble laget), virksomhet, konto, tjeneste, kanal, utfall, leveringsmåned og "
        "dagene den ble kjent, der det var etter måneden. Uten konto ved følsomme tjenester, og der virksomheten har "
        "forsendelser fra et følsomt fagsystem eller uten oppgitt fagsystem i måneden: da røper ingen konto noe."
    )
    | en(
        "One row per month (in which it was made), organisation, account, service, channel, outcome, month of "
        "delivery, and the days on which it was known, where that was after the month. Without account at sensitive "
        "services, and where the organisation has dispatches of a sensitive source system or of none stated in the "
        "month: so no account tells of any."
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
        c.MONTH.but(
            name="delivered_month",
            title=nb("Levert i") | en("Delivered in"),
            about=nb("Måneden den først ble levert; tom når den ikke er det.")
            | en("The month in which it was first delivered; null where it is not."),
            key=True,
            null=True,
        ),
        Column(
            "received_on",
            pa.date32(),
            nb("Mottatt") | en("Received on"),
            nb("Dagen den første meldingen om den kom; tom når det var i måneden.")
            | en("The day of the first message about it; null where that was within the month."),
            key=True,
            null=True,
        ),
        Column(
            "known_on",
            pa.date32(),
            nb("Mottatt og levert") | en("Received and delivered"),
            nb("Den seneste av dagen den ble mottatt og dagen den først ble levert; tom når den er i måneden.")
            | en("The later of the days of reception and first delivery; null where that was within the month."),
            key=True,
            null=True,
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
    about=nb("Én rad per kunde, tjeneste, tilstand og første måned, etter hendelsene alene.")
    | en("One row per customer, service, state and first month, by events alone."),
    owner="team:okonomi",
    audience=Audience.INTERNAL,
    sources=("adoption",),
    columns=(
        c.ORGANISATION_NUMBER.but(key=True),
        c.SERVICE.but(key=True),
        Column(
            "state",
            pa.string(),
            nb("Tilstand") | en("State"),
            nb("AGREED (har tatt et steg), ACTIVE (aktivert, ikke sagt opp) eller TERMINATED (sagt opp, intet siden).")
            | en("AGREED (took a step), ACTIVE (activated, not terminated) or TERMINATED (and nothing since)."),
            key=True,
        ),
        c.MONTH.but(name="first_month", title=nb("Fra og med") | en("From"), key=True),
        c.MONTH.but(name="last_month", title=nb("Til og med") | en("Through"), null=True),
        Column("exact", pa.bool_(), nb("Kjent tidspunkt") | en("Known exactly")),
        Column("first_time", pa.bool_(), nb("Første gang") | en("The first time")),
        Column("customer_kind", pa.string(), nb("Kundetype") | en("Kind of customer")),
        Column(
            "place",
            pa.string(),
            nb("Kommune eller fylke") | en("Municipality or county"),
            nb("Nummeret som innbyggerne telles etter.") | en("The code by which inhabitants are counted."),
            null=True,
        ),
        Column("annexes_told", pa.bool_(), nb("Vedlegg meldes") | en("Annexes are told of")).but(
            about=nb("Om noen har meldt vedlegg for tjenesten.")
            | en("Whether anybody reported an annex of the service.")
        ),
        c.SYNTHETIC,
    ),
    rules=(r.one_of("state", ("AGREED", "ACTIVE", "TERMINATED")), r.one_of("service", SERVICES)),
)

CUSTOMER_CHARGE = DatasetContract(
    schema="conformed",
    table="customer_charge",
    title=nb("Det kunder skylder uansett bruk") | en("What customers owe whatever they use"),
    about=nb("Én rad per måned, kunde og tilbud (priselement med regel) som er for kunden.")
    | en("One row per month, customer and offer (an element with its rule) that is for the customer."),
    owner="team:okonomi",
    audience=Audience.INTERNAL,
    sources=("adoption", "price_rule", "population"),
    partitioned=True,
    columns=(
        c.MONTH.but(key=True),
        c.ORGANISATION_NUMBER.but(key=True),
        Column("offer", pa.int64(), nb("Tilbud") | en("Offer"), key=True),
        Column("channel", pa.string(), nb("Trinn") | en("Bracket"), key=True, null=True),
        Column("quantity", c.QUANTITY, nb("Mengde") | en("Quantity"), unit="etter unit", additivity=Additivity.SUM),
        Column(
            "own_price",
            pa.decimal128(18, 6),
            nb("Kundens del") | en("The customer's part"),
            nb("Av et beløp som fordeles.") | en("Of an amount that is spread."),
            null=True,
            unit="kr",
            additivity=Additivity.NONE,
        ),
        Column("no_fit", pa.string(), nb("Ingen regel passer") | en("No rule fits"), null=True),
        c.SYNTHETIC,
    ),
    rules=(r.first_of_month("month"), r.at_least("quantity", 0)),
)

INVOICE_BASIS = DatasetContract(
    schema="ledger",
    table="invoice_basis",
    title=nb("Fakturagrunnlag") | en("Invoice basis"),
    about=nb(
        "Én rad per betaler, virksomhet, konto, tjeneste, priselement, kanal og måned: det målt bruk og inngåtte "
        "avtaler tilsier, etter prisen den første i måneden. Det som telles per person ved følsomme tjenester, er ikke "
        "med: mengden ville røpet skjulte tall. En pris per år gjelder én gang per kalenderår, kunde og element. "
        "Månedene før noe ble målt, er ikke med."
    )
    | en(
        "One row per payer, organisation, account, service, price element, channel, month: what measured use and "
        "agreements imply, by the price on the first of the month. What is counted by the person at sensitive services "
        "is left out: the quantity would give hidden figures back. A price a year is due once per calendar year, "
        "customer and element. Months before anything was measured are left out."
    ),
    owner="team:okonomi",
    audience=Audience.LEDGER,
    partitioned=True,
    sources=("dispatch", "measurement", "adoption", "price_rule", "payer", "source_system"),
    columns=(
        c.ORGANISATION_NUMBER.but(name="payer_number", title=nb("Betaler") | en("Payer"), key=True),
        c.ORGANISATION_NUMBER.but(key=True),
        c.ACCOUNT_ID.but(
            key=True,
            null=True,
            about=nb("Tom der elementet ikke telles per konto, og for følsomme fagsystemer.")
            | en("Null where the element is not counted by account, and for sensitive source systems."),
        ),
        c.SERVICE.but(key=True),
        Column("price_element", pa.string(), nb("Priselement") | en("Price element"), key=True),
        Column(
            "channel",
            pa.string(),
            nb("Kanal, meldingstype eller trinn") | en("Channel, message type or bracket"),
            nb("Trinn: innbyggere fra og til, når prisen per innbygger avhenger av størrelsen.")
            | en("Bracket: inhabitants from and to, where the price per inhabitant depends on size."),
            key=True,
            null=True,
        ),
        c.MONTH.but(key=True),
        Column(
            "quantity",
            c.QUANTITY,
            nb("Mengde") | en("Quantity"),
            nb("Det som skal stå på linjen.") | en("What goes on the line."),
            unit="etter unit",
            additivity=Additivity.SUM,
        ),
        Column("unit", pa.string(), nb("Enhet") | en("Unit"), null=True),
        Column(
            "unit_price",
            pa.decimal128(18, 6),
            nb("Enhetspris") | en("Unit price"),
            null=True,
            unit="kr",
            additivity=Additivity.NONE,
        ),
        Column(
            "price_rule",
            pa.string(),
            nb("Prisregel") | en("Price rule"),
            nb("Nøkkelen i registeret price_rule, med / mellom.")
            | en("The key in the register price_rule, / between."),
            null=True,
        ),
        c.amount("amount_ore", "Beløp", "Amount", null=True),
        Column(
            "status",
            pa.string(),
            nb("Status") | en("Status"),
            nb("READY, NO_PRICE (ingen prisregel gjelder) eller NO_AGREEMENT (bruk uten vedlegg, eller oppsagt).")
            | en("READY, NO_PRICE (no price rule holds) or NO_AGREEMENT (use without an annex, or terminated)."),
        ),
        Column(
            "note",
            pa.string(),
            nb("Merknad") | en("Note"),
            nb(
                "Hvorfor linjen ikke er klar: NO_RULE (ingen regel gjelder for kunden), AMBIGUOUS_PRICE (flere regler "
                "gjelder), NO_INHABITANTS (innbyggertall mangler), NO_ANNEX eller TERMINATED."
            )
            | en(
                "Why the line is not ready: NO_RULE (no rule holds for the customer), AMBIGUOUS_PRICE (several rules "
                "hold), NO_INHABITANTS (population is missing), NO_ANNEX or TERMINATED."
            ),
            null=True,
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
            nb("Mengde × enhetspris er ikke beløpet.") | en("Quantity × unit price is not the amount."),
        ),
        r.first_of_month("month"),
        r.modulus_11("payer_number"),
        r.modulus_11("organisation_number"),
    ),
)

LATE_USE = DatasetContract(
    schema="conformed",
    table="late_use",
    title=nb("Bruk som ble kjent etter måneden") | en("Use that was known after its month"),
    about=nb(
        "Én rad per måned, virksomhet, tjeneste, priselement og dag: den delen av mengden i fakturagrunnlaget som "
        "først ble kjent den dagen. Det som ble kjent i måneden, faste priser og det kunder skylder uansett bruk, er "
        "ikke med."
    )
    | en(
        "One row per month, organisation, service, price element, day: what of the quantity of the invoice basis was "
        "first known on that day. What was known within the month, fixed prices and what customers owe whatever they "
        "use is left out."
    ),
    owner="team:okonomi",
    audience=Audience.INTERNAL,
    partitioned=True,
    sources=("dispatch", "measurement", "price_rule"),
    columns=(
        c.MONTH.but(key=True),
        c.ORGANISATION_NUMBER.but(key=True),
        c.SERVICE.but(key=True),
        Column("price_element", pa.string(), nb("Priselement") | en("Price element"), key=True),
        Column("known_on", pa.date32(), nb("Kjent fra") | en("Known on"), key=True),
        Column("quantity", c.QUANTITY, nb("Mengde") | en("Quantity"), unit="etter unit", additivity=Additivity.SUM),
        Column(
            "reported_from",
            pa.date32(),
            nb("Meldt fra") | en("Reported from"),
            nb("Da noens bruk av elementet i måneden først ble mottatt; tom når det var i måneden.")
            | en("When anybody's use of the element in the month was first received; null where within the month."),
            null=True,
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
            nb("Bruk som ble kjent i måneden, er ikke sen.") | en("Use known within the month is not late."),
        ),
    ),
)

DATASETS: tuple[DatasetContract, ...] = (INVOICE_BASIS,)
