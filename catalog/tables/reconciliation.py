"""Billed against measured: the difference in units and kroner, and the reasons for it.

What does *not* belong here: what use implies (`catalog/tables/billing.py`), and what was billed (the stream
`invoice_line`).
"""

from __future__ import annotations

from catalog.contracts import columns as c
from catalog.contracts import rules as r
from catalog.contracts.language import Audience, Column, DatasetContract
from catalog.domain.products import PRICE_ELEMENTS, SERVICES
from catalog.text import en, nb

STATES = ("RECONCILED", "EXPLAINED", "OPEN", "NOT_RECONCILABLE")
SPANS = ("MONTH", "QUARTER", "YEAR")
REASONS = (
    "MONTH_SHIFT",
    "LATE_STATE",
    "CORRECTION",
    "UNJUSTIFIED_CREDIT",
    "UNJUSTIFIED_CHARGE",
    "CORRECTS_NOTHING",
    "OTHER_PAYER",
    "UNKNOWN_ACCOUNT",
    "PRICE_CHANGE",
    "ROUNDING",
    "UNEXPLAINED",
)
"""In the order in which they are tried: each explains what it can of the remaining difference."""
OPEN_REASONS = ("UNJUSTIFIED_CREDIT", "UNJUSTIFIED_CHARGE", "CORRECTS_NOTHING", "UNEXPLAINED")
"""Reasons that leave a row open: they say where to look, not why."""
_OWNER = "team:okonomi"
_SOURCES = ("invoice_line", "dispatch", "measurement", "adoption", "price_rule", "payer")
_ORGANISATION = c.ORGANISATION_NUMBER.but(key=True, null=True).explained(
    "Virksomheten som brukte tjenesten. Tom for det som prises etter bruk av følsomme tjenester: Der er hele landet i "
    "én rad.",
    "The organisation that used the service. Null for what is priced by use of sensitive services, where one row "
    "covers the whole country.",
)
_SPAN = c.text("span", "Tidsrom", "Span").explained(
    "MONTH. For det som prises etter bruk av følsomme tjenester, QUARTER eller YEAR når måneden har 1–19 betalere, "
    "fakturert eller målt: det som blir igjen av kvartalet eller året, i siste måned som har noe. Har også året 1–19 "
    "betalere, er det utelatt.",
    "MONTH. For what is priced by use of sensitive services, QUARTER or YEAR where the month has 1–19 payers, billed "
    "or measured: what is left of the quarter or year, in the last month that has something. Left out if the year, "
    "too, has 1–19 payers.",
)
_ALSO_IN_BASIS = nb(
    "Det som prises etter bruk av følsomme tjenester, avstemmes per virksomhet, men står samlet for landet. Den som "
    "får lese dette, får også lese fakturagrunnlaget, som er eksakt per betaler."
) | en(
    "What is priced by use of sensitive services is reconciled by organisation, but told for the country. Whoever may "
    "read this may read the invoice basis too, which is exact by payer."
)
_ELEMENT = c.text("price_element", "Priselement", "Price element", key=True)
_RULES = (
    r.one_of("service", SERVICES),
    r.one_of("price_element", PRICE_ELEMENTS),
    r.first_of_month("month"),
    r.modulus_11("organisation_number"),
)


def _quantity(name: str, nb_title: str, en_title: str, *, null: bool = False) -> Column:
    return c.quantity(name, nb_title, en_title, "etter priselementet", null=null).explained(
        "I priselementets enhet: ikke summer ulike elementer.",
        "In the unit of the price element: do not sum different elements.",
    )


_AWAITS_INVOICE = c.flag("awaits_invoice", "Venter på faktura", "Awaiting invoice").explained(
    "Ingenting er fakturert, virksomheten har ingen fakturalinje for måneden eller senere, og ingen "
    "er fakturert etter kvartalets slutt.",
    "Nothing was billed, the organisation has no invoice line for the month or later, and nobody was "
    "invoiced after the quarter's end.",
)

RECONCILIATION_CELL = DatasetContract(
    schema="conformed",
    table="reconciliation_cell",
    title=nb("Fakturert og målt bruk") | en("Billed and measured use"),
    about=nb(
        "Én rad per virksomhet, tjeneste, priselement og måned som er fakturert eller målt. Målt og "
        "forventet er tomme når bruken ikke måles."
    )
    | en(
        "One row per organisation, service, price element and month that was billed or measured. "
        "Measured and expected are null if use is not measured."
    ),
    owner=_OWNER,
    audience=Audience.INTERNAL,
    sources=_SOURCES,
    columns=(
        c.ORGANISATION_NUMBER.but(key=True),
        c.SERVICE.but(key=True),
        _ELEMENT,
        c.MONTH.but(key=True),
        _SPAN.but(null=True),
        _quantity("billed_quantity", "Fakturert mengde", "Billed quantity"),
        c.amount("billed_ore", "Fakturert", "Billed"),
        _quantity("measured_quantity", "Målt mengde", "Measured quantity", null=True),
        c.amount("expected_ore", "Forventet", "Expected", null=True),
        _AWAITS_INVOICE,
        c.SYNTHETIC,
    ),
)

RECONCILIATION = DatasetContract(
    schema="ledger",
    table="reconciliation",
    title=nb("Avstemming") | en("Reconciliation"),
    about=nb(
        "Én rad per virksomhet, tjeneste, priselement og måned som er fakturert eller målt: fakturert mot det "
        f"fakturagrunnlaget tilsier. Årsakene til forskjellen står i ledger.reconciliation_part. {_ALSO_IN_BASIS.nb}"
    )
    | en(
        "One row per organisation, service, price element and month that was billed or measured: what "
        "was billed against what the invoice basis implies. The reasons for the difference are in "
        f"ledger.reconciliation_part. {_ALSO_IN_BASIS.en}"
    ),
    owner=_OWNER,
    audience=Audience.LEDGER,
    sources=_SOURCES,
    partitioned=True,
    version=2,
    columns=(
        _ORGANISATION,
        c.SERVICE.but(key=True),
        _ELEMENT,
        c.MONTH.but(key=True),
        _SPAN,
        _quantity("billed_quantity", "Fakturert mengde", "Billed quantity"),
        _quantity("measured_quantity", "Målt mengde", "Measured quantity", null=True).explained(
            "Fra fakturagrunnlaget. Tom når bruken ikke måles.", "From the invoice basis. Null if use is not measured."
        ),
        _quantity("difference", "Forskjell i mengde", "Difference in quantity", null=True).explained(
            "Fakturert minus målt: Over null betyr fakturert for mye. Tom når målingen mangler.",
            "Billed less measured: above zero means too much was billed. Null where nothing is measured.",
        ),
        c.amount("billed_ore", "Fakturert", "Billed"),
        c.amount("expected_ore", "Forventet", "Expected", null=True).explained(
            "Uten mva. Beløpet i fakturagrunnlaget; 0 for bruk uten pris. Tom når målingen mangler.",
            "Excl. VAT. The amount of the invoice basis; 0 for use without a price. Null where nothing is measured.",
        ),
        c.amount("difference_ore", "Forskjell", "Difference", null=True).explained(
            "Uten mva. Fakturert minus forventet. Tom når målingen mangler.",
            "Excl. VAT. Billed less expected. Null where nothing is measured.",
        ),
        c.text("status", "Status", "Status").explained(
            "RECONCILED (avstemt: ingen forskjell, eller bare avrunding av linjer), EXPLAINED (forklart: "
            "hele forskjellen har en årsak), OPEN (åpen: noe er uforklart eller retter ingenting) eller "
            "NOT_RECONCILABLE (kan ikke avstemmes: bruken måles ikke).",
            "RECONCILED (no difference, or only rounding of lines), EXPLAINED (the whole difference has a "
            "reason), OPEN (some is unexplained or corrects nothing) or NOT_RECONCILABLE (use is not "
            "measured).",
        ),
        _AWAITS_INVOICE,
        c.SYNTHETIC,
    ),
    rules=(
        *_RULES,
        r.one_of("status", STATES),
        r.one_of("span", SPANS),
        r.Rule(
            "difference_ties",
            "billed_quantity - measured_quantity = difference and billed_ore - expected_ore = difference_ore",
            ("difference", "difference_ore"),
            nb("Fakturert − målt må være lik forskjellen.") | en("Billed − measured must equal the difference."),
        ),
        r.Rule(
            "unmeasured_is_said",
            "(status = 'NOT_RECONCILABLE') = (measured_quantity is null) "
            "and (measured_quantity is null) = (difference is null) "
            "and (measured_quantity is null) = (expected_ore is null) "
            "and (measured_quantity is null) = (difference_ore is null)",
            ("status", "measured_quantity", "expected_ore"),
            nb("Rader uten målt bruk skal ha status NOT_RECONCILABLE og verken forventet beløp eller forskjell.")
            | en("Rows without measured use must be NOT_RECONCILABLE, without an expected amount or a difference."),
        ),
    ),
)

RECONCILIATION_PART = DatasetContract(
    schema="ledger",
    table="reconciliation_part",
    title=nb("Årsaker til forskjeller") | en("Reasons for differences"),
    about=nb(
        "Én rad per rad i ledger.reconciliation med forskjell, og årsak. Delene summerer til "
        "forskjellen, i mengde og øre. Årsakene prøves i rekkefølge; hver forklarer det den kan av det "
        "som gjenstår. For det som prises etter bruk av følsomme tjenester, er delene summert over virksomhetene."
    )
    | en(
        "One row per row of ledger.reconciliation with a difference, and reason. The parts sum to the "
        "difference, in quantity and øre. Reasons are tried in order; each explains what it can of what "
        "remains. For what is priced by use of sensitive services, parts are summed over the organisations."
    ),
    owner=_OWNER,
    audience=Audience.LEDGER,
    sources=_SOURCES,
    version=2,
    columns=(
        _ORGANISATION,
        c.SERVICE.but(key=True),
        _ELEMENT,
        c.MONTH.but(key=True),
        c.text("reason", "Årsak", "Reason", key=True).explained(
            "I rekkefølge: MONTH_SHIFT (nabomåneden har motsatt forskjell), LATE_STATE (målingen kom etter "
            "fakturering), CORRECTION (det linjer som retter andre, bringer nærmere det målte, eller er rettet i "
            "en annen måned), UNJUSTIFIED_CREDIT (det de krediterer utover det), UNJUSTIFIED_CHARGE (det de "
            "etterfakturerer utover det), "
            "CORRECTS_NOTHING (linjer som retter en faktura som ikke er kommet, eller sin egen), OTHER_PAYER (en "
            "annen virksomhet med samme betaler har motsatt forskjell), UNKNOWN_ACCOUNT (fakturert på en konto som "
            "målingene ikke kjenner), PRICE_CHANGE (fakturert til en annen pris), ROUNDING (avrunding, høyst én "
            "øre per linje), UNEXPLAINED (resten).",
            "In order: MONTH_SHIFT (the neighbour month has the opposite difference), LATE_STATE (the measurement "
            "came after invoicing), CORRECTION (what lines that correct others bring nearer to what is measured, "
            "or were corrected in another month), UNJUSTIFIED_CREDIT (what they credit beyond that), "
            "UNJUSTIFIED_CHARGE (what they charge beyond that), "
            "CORRECTS_NOTHING (lines that correct an invoice that has not come, or their own), "
            "OTHER_PAYER (another organisation of the same payer has the opposite difference), UNKNOWN_ACCOUNT "
            "(billed on an account that is measured nowhere), PRICE_CHANGE (billed at another price), ROUNDING (at "
            "most one øre a line), UNEXPLAINED (the rest).",
        ),
        _quantity("quantity", "Mengde", "Quantity"),
        c.amount("amount_ore", "Beløp", "Amount"),
        c.SYNTHETIC,
    ),
    rules=(
        *_RULES,
        r.one_of("reason", REASONS),
        r.Rule(
            "money_reason_has_no_quantity",
            "reason not in ('PRICE_CHANGE', 'ROUNDING') or quantity = 0",
            ("reason", "quantity"),
            nb("Pris og avrunding skal bare gjelde beløp, ikke mengde.")
            | en("Price and rounding must affect amounts only, not quantities."),
        ),
        r.Rule(
            "part_is_something",
            "quantity <> 0 or amount_ore <> 0",
            ("quantity", "amount_ore"),
            nb("En årsak må ha mengde eller beløp.") | en("A reason must have a quantity or an amount."),
        ),
    ),
)

RECONCILIATION_PRODUCT = DatasetContract(
    schema="ledger",
    table="reconciliation_product",
    title=nb("Avstemming per produkt") | en("Reconciliation per product"),
    about=nb(
        "Én rad per tjeneste og måned som er fakturert eller målt: hvor mye som er uforklart. Fakturert "
        "= forventet + forklart + åpent + det som ikke kan avstemmes. Det som prises etter bruk av følsomme "
        "tjenester, er utelatt."
    )
    | en(
        "One row per service and month that was billed or measured: how much is unexplained. "
        "Billed = expected + explained + open + what cannot be reconciled. What is priced by use of sensitive services "
        "is left out."
    ),
    owner=_OWNER,
    audience=Audience.LEDGER,
    sources=_SOURCES,
    version=2,
    columns=(
        c.SERVICE.but(key=True),
        c.MONTH.but(key=True),
        c.amount("billed_ore", "Fakturert", "Billed"),
        c.amount("expected_ore", "Forventet", "Expected").explained(
            "Uten mva. Bare det som kan avstemmes.", "Excl. VAT. Only what can be reconciled."
        ),
        c.amount("explained_ore", "Forklart forskjell", "Explained difference").explained(
            "Uten mva. Forskjeller med en årsak, også avrunding; for mye og for lite oppveier hverandre.",
            "Excl. VAT. Differences with a reason, including rounding; too much and too little offset each other.",
        ),
        c.amount("open_ore", "Uforklart forskjell", "Unexplained difference").explained(
            "Uten mva. For mye, for lite og det som venter på faktura, oppveier hverandre; se at_stake_ore.",
            "Excl. VAT. Too much, too little and use awaiting invoice offset each other; see at_stake_ore.",
        ),
        c.amount("not_reconcilable_ore", "Kan ikke avstemmes", "Not reconcilable").explained(
            "Uten mva. Fakturert for bruk som ikke måles.", "Excl. VAT. Billed for use that is not measured."
        ),
        c.amount("over_ore", "Uforklart, fakturert for mye", "Unexplained, billed too much"),
        c.amount("under_ore", "Uforklart, fakturert for lite", "Unexplained, billed too little").explained(
            "Uten mva. Som positivt beløp.", "Excl. VAT. As a positive amount."
        ),
        c.amount("awaits_invoice_ore", "Venter på faktura", "Awaiting invoice").explained(
            "Uten mva. Målt, men faktureres først når kvartalet er slutt; står ikke på spill ennå.",
            "Excl. VAT. Measured, but invoiced only when the quarter has ended; not at stake yet.",
        ),
        c.amount("at_stake_ore", "Kroner som står på spill", "Kroner at stake").explained(
            "Uten mva. Uforklart for mye pluss uforklart for lite; de oppveier ikke hverandre.",
            "Excl. VAT. Unexplained too much plus unexplained too little: they do not offset each other.",
        ),
        c.count("cells", "Rader i avstemmingen", "Rows in the reconciliation", "rader"),
        c.count("open_cells", "Åpne rader", "Open rows", "rader"),
        c.count("not_reconcilable_cells", "Rader som ikke kan avstemmes", "Rows not reconcilable", "rader"),
        c.SYNTHETIC,
    ),
    rules=(
        r.one_of("service", SERVICES),
        r.first_of_month("month"),
        r.Rule(
            "billed_is_accounted_for",
            "billed_ore = expected_ore + explained_ore + open_ore + not_reconcilable_ore "
            "and open_ore = over_ore - under_ore - awaits_invoice_ore and at_stake_ore = over_ore + under_ore",
            ("billed_ore", "open_ore", "at_stake_ore"),
            nb("Delene må summere til fakturert beløp.") | en("The parts must sum to the amount billed."),
        ),
    ),
)

DATASETS = (RECONCILIATION, RECONCILIATION_PART, RECONCILIATION_PRODUCT)
