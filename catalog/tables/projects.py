"""Projects and their loans: granted, drawn, spent, repaid, and when they are paid off.

The payoff arithmetic is here too, as a pure function over plain values. What does *not* belong here: how many
municipalities are expected to join (`uptake.forecast`), and what they pay (the register `price_rule`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from catalog.contracts import columns as c
from catalog.contracts import rules as r
from catalog.contracts.language import Additivity, Audience, Column, DatasetContract
from catalog.domain.calendar import next_month
from catalog.domain.products import OWN_SERVICES
from catalog.text import Text, en, nb

PAYOFF_REASONS = (
    "EARLIER_MONTH",
    "NO_LOAN",
    "PAID",
    "NOT_LAUNCHED",
    "NO_JOINING_FEE",
    "NO_FORECAST",
    "NOT_ENOUGH_JOINERS",
)
PAYOFF_BASES = ("FORECAST", "EXTENDED")
LONGEST = 120
"""The payoff horizon in months: ten years."""
_OWNER = "team:okonomi"
_LAST = Additivity.LAST


def _payoff(level: str, nb_level: str, en_level: str) -> Column:
    return c.date(
        f"payoff_month_{level}", f"Nedbetalt, {nb_level} utbredelse", f"Paid off, {en_level} uptake", null=True
    ).explained(
        "Første måned, tidligst denne, da forventede tilkoblingspriser dekker saldoen. Lån til samme tjeneste deler "
        "dem som kobler seg til; det eldste betales ned først. Hvis tom: se payoff_reason.",
        "The first month, this one at the earliest, in which expected joining fees cover the balance. Loans of one "
        "service share those who join; the oldest is repaid first. If null: see payoff_reason.",
    )


_FLOWS = (
    c.amount("drawn_ore", "Trukket", "Drawn"),
    c.amount("repaid_ore", "Betalt tilbake", "Repaid"),
    c.amount("written_off_ore", "Ettergitt", "Written off"),
    c.amount("excess_ore", "Ført ut over lånet", "Repaid beyond the loan").explained(
        "Nedbetaling ut over det som er trukket og ikke ettergitt. Beløpet holdes utenfor betalt tilbake og saldo "
        "(LOAN_EXCESS i ledger.entry) til bilaget rettes eller trekket føres.",
        "Repayment beyond what was drawn and not written off. The amount stays outside repaid and balance "
        "(LOAN_EXCESS in ledger.entry) until the entry is corrected or the draw-down is booked.",
    ),
)
_TO_DATE = (
    c.amount("drawn_to_date_ore", "Trukket til nå", "Drawn to date", additivity=_LAST),
    c.amount("repaid_to_date_ore", "Betalt tilbake til nå", "Repaid to date", additivity=_LAST),
    c.amount("written_off_to_date_ore", "Ettergitt til nå", "Written off to date", additivity=_LAST),
    c.amount("excess_to_date_ore", "Ført ut over lånet til nå", "Repaid beyond the loan to date", additivity=_LAST),
    c.amount("balance_ore", "Lånesaldo", "Loan balance", additivity=_LAST).explained(
        "Trukket − betalt tilbake − ettergitt til og med måneden. Betalt tilbake regnes fra måneden nedbetalingen er "
        "ført. Summen over lånene er LOAN i ledger.entry.",
        "Drawn − repaid − written off, through the month. Repaid counts from the month in which the repayment is "
        "booked. The sum over the loans is LOAN in ledger.entry.",
    ),
)
_BRIDGE = (
    c.amount(
        "invoiced_not_repaid_ore", "Fakturert, ikke betalt tilbake", "Invoiced, not repaid", additivity=_LAST
    ).explained(
        "Tilkoblingspriser som er fakturert til og med måneden, uten at nedbetalingen av lånet er ført "
        "(JOINING_FEE_RECEIVABLE i ledger.entry). Lån til samme tjeneste deler dem; det eldste får først. Negativt når "
        "nedbetalingen er ført før fakturaen.",
        "Joining fees invoiced through the month whose repayment of the loan is not booked (JOINING_FEE_RECEIVABLE in "
        "ledger.entry). Loans of one service share them, the oldest first. Negative where the repayment is booked "
        "before the invoice.",
    ),
    c.amount(
        "balance_by_invoice_ore", "Lånesaldo etter fakturering", "Loan balance by invoice", additivity=_LAST
    ).explained(
        "Lånesaldo − fakturert, ikke betalt tilbake: det som gjenstår når tilkoblingsprisene regnes fra fakturaen.",
        "Loan balance − invoiced, not repaid: what is left when joining fees count from the invoice.",
    ),
)
_GRANTED = c.amount("granted_ore", "Bevilget", "Granted", null=True, additivity=_LAST).explained(
    "Fra og med måneden for vedtaket; tom før den, og når registeret mangler beløpet.",
    "From the month of the decision; null before it, and where the register lacks the amount.",
)
_PAYOFF = (
    _payoff("low", "lav", "low"),
    _payoff("expected", "forventet", "expected"),
    _payoff("high", "høy", "high"),
    c.text("payoff_basis", "Grunnlag for nedbetalingen", "Basis of the payoff", null=True).explained(
        "FORECAST: alle månedene ligger innenfor de tolv framskrevne. EXTENDED: minst én ligger lenger "
        "fram; der fortsetter framskrivingens takt til ingen gjenstår. Det er usikkert og ikke "
        "etterprøvd.",
        "FORECAST: every month lies within the twelve forecast. EXTENDED: at least one lies beyond; "
        "there the forecast's pace continues until nobody is left. That is uncertain and not back-tested.",
    ),
    c.text(
        "payoff_reason", "Grunn til at nedbetalingsmåned mangler", "Why a payoff month is missing", null=True
    ).explained(
        "EARLIER_MONTH (bare siste måned har den), NO_LOAN (ingenting er trukket), PAID (ingenting "
        "gjenstår), NOT_LAUNCHED, NO_JOINING_FEE (ingen tilkoblingspris gjelder), NO_FORECAST (for færre enn "
        "tre måneder), eller NOT_ENOUGH_JOINERS (på minst ett nivå gjenstår det for få kommuner, eller "
        "nedbetalingen tar mer enn ti år).",
        "EARLIER_MONTH (only the last month has one), NO_LOAN (nothing was drawn), PAID (nothing is "
        "left), NOT_LAUNCHED, NO_JOINING_FEE (no joining fee is in force), NO_FORECAST (for fewer than three "
        "months), or NOT_ENOUGH_JOINERS (at one level at least, too few municipalities are left, or the payoff takes "
        "over ten years).",
    ),
)
_FLAGS = (
    c.flag("overdrawn", "Trukket mer enn bevilget", "Drawn beyond the grant").explained(
        "Beløpet trukket til nå er større enn bevilgningen.", "The amount drawn to date exceeds the grant."
    ),
    c.flag("negative_balance", "Betalt mer enn trukket", "Repaid beyond the loan").explained(
        "Saldoen er negativ. Det gir et varsel, men stopper ikke publiseringen.",
        "The balance is negative: a warning, which does not stop publication.",
    ),
    c.flag("registered", "Står i prosjektregisteret", "In the project register"),
)
_RULES = (
    r.one_of("service", OWN_SERVICES),
    r.first_of_month("month"),
    r.Rule(
        "balance_ties",
        "drawn_to_date_ore - repaid_to_date_ore - written_off_to_date_ore = balance_ore",
        ("balance_ore",),
        nb("Trukket − betalt tilbake − ettergitt må være lik saldoen.")
        | en("Drawn − repaid − written off must equal the balance."),
    ),
    r.one_of("payoff_reason", PAYOFF_REASONS),
    r.one_of("payoff_basis", PAYOFF_BASES),
    r.not_after("payoff_month_high", "payoff_month_expected"),
    r.not_after("payoff_month_expected", "payoff_month_low"),
)
_PROJECT = c.text("project", "Prosjekt", "Project", key=True)
_SERVICE = c.SERVICE.but(null=True).explained("Tom før lansering.", "Null until launch.")

LOAN_MONTH = DatasetContract(
    schema="ledger",
    table="loan_month",
    title=nb("Lån per måned") | en("Loans per month"),
    about=nb(
        "Én rad per prosjekt og måned, fra lånets første bilag til denne måneden, uten hull. "
        "Tilkoblingspriser som betaler ned lånet, regnes som tilbakebetaling, aldri som inntekt. Et lån har to "
        "datoer: fakturert (prisen står på en faktura) og betalt tilbake (nedbetalingen er ført)."
    )
    | en(
        "One row per project and month, from the loan's first entry to this month, without gaps. Joining "
        "fees that repay the loan count as repayments, never as income. A loan has two dates: invoiced (the fee "
        "is on an invoice) and repaid (the repayment is booked)."
    ),
    owner=_OWNER,
    audience=Audience.LEDGER,
    sources=("loan_entry", "invoice_line", "project", "price_rule"),
    columns=(
        *(_PROJECT, _SERVICE, c.MONTH.but(key=True), _GRANTED),
        *(*_FLOWS, *_TO_DATE, *_BRIDGE, *_PAYOFF, *_FLAGS, c.SYNTHETIC),
    ),
    rules=(
        *_RULES,
        r.Rule(
            "bridge_ties",
            "balance_ore - invoiced_not_repaid_ore = balance_by_invoice_ore",
            ("balance_by_invoice_ore",),
            nb("Lånesaldo − fakturert, ikke betalt tilbake, må være lik lånesaldoen etter fakturering.")
            | en("The balance less what is invoiced and not repaid must equal the balance by invoice."),
        ),
    ),
)

PROJECT_MONTH = DatasetContract(
    schema="ledger",
    table="project_month",
    title=nb("Prosjekter per måned") | en("Projects per month"),
    about=nb(
        "Én rad per prosjekt og måned, også før lansering: fra vedtaket, eller fra første bilag hvis det "
        "er tidligere, til denne måneden. Forbruk er kostnad av typen UTVIKLING som nevner prosjektet. "
        "Beløpene er fra ledger.entry, i måneden de er ført: en lukket måned endres ikke. Opplysninger "
        "fra registeret (navn, fase, bevilget) er de som gjelder nå."
    )
    | en(
        "One row per project and month, also before launch: from the decision, or the first entry if "
        "earlier, to this month. Spending is cost of category UTVIKLING that names the project. The "
        "amounts are from ledger.entry, in the month they are booked: a closed month does not change. "
        "Details from the register (title, phase, grant) are the current ones."
    ),
    owner=_OWNER,
    audience=Audience.LEDGER,
    sources=("loan_entry", "cost_entry", "project", "price_rule"),
    columns=(
        _PROJECT,
        c.text("title", "Tittel", "Title", null=True),
        _SERVICE,
        c.text("financing", "Finansiering", "Financing", null=True).explained(
            "DIGIFIN, INTERN eller EKSTERN.", "DIGIFIN, INTERN or EKSTERN."
        ),
        c.text("phase", "Fase", "Phase", null=True),
        c.MONTH.but(key=True),
        c.MONTH.but(name="launch_month", title=nb("Lansert") | en("Launched"), null=True),
        c.flag("launched", "Lansert innen månedens slutt", "Launched by the end of the month"),
        _GRANTED,
        *_FLOWS,
        c.amount("spent_ore", "Brukt", "Spent"),
        c.amount("spent_to_date_ore", "Brukt til nå", "Spent to date", additivity=_LAST),
        *_TO_DATE,
        *_PAYOFF,
        *_FLAGS,
        c.SYNTHETIC,
    ),
    rules=_RULES,
)

PAYOFF = DatasetContract(
    schema="ledger",
    table="payoff",
    title=nb("Nedbetaling") | en("Payoff"),
    about=nb("Én rad per prosjekt: når lånet forventes å være nedbetalt.")
    | en("One row per project: when its loan is expected to be paid off."),
    owner=_OWNER,
    audience=Audience.INTERNAL,
    columns=(_PROJECT, *_PAYOFF, c.SYNTHETIC.but(name="forecast_synthetic", about=Text())),
)
"""The shape of the payoff results; not a table of a release."""


@dataclass(frozen=True, slots=True)
class Joiners:
    """The municipalities that may still join a service, and how fast.

    Attributes:
        active: municipalities that have the service before the first coming month.
        left: municipalities that have not joined.
        fees_ore: the sum of the joining fees of those left.
        ahead: municipalities expected to have it, by coming month, in order.
        ceiling: where the forecast curve levels out; None where it does not.
    """

    active: int
    left: int
    fees_ore: int
    ahead: Sequence[tuple[date, int]]
    ceiling: int | None = None


def paid_off(balance_ore: int, joiners: Joiners) -> date | None:
    """The first month in which further joiners × their average fee cover the balance.

    Within the forecast its own figures are used. Beyond it the mean pace of its months continues, at most to the
    curve's ceiling and to the number left. None where that is never enough, or not within `LONGEST` months. Whole
    municipalities and whole øre: joiners × fees ≥ balance × left, which needs no division.
    """
    if not joiners.left or not joiners.ahead:
        return None
    most = joiners.left if joiners.ceiling is None else min(joiners.left, joiners.ceiling - joiners.active)
    first, (month, level) = joiners.active, joiners.ahead[-1]
    gained, months = level - first, len(joiners.ahead)

    def enough(further: int) -> bool:
        return min(further, most) * joiners.fees_ore >= balance_ore * joiners.left

    for month, level in joiners.ahead:
        if enough(level - first):
            return month
    for ahead in range(1, LONGEST - months + 1):
        month = next_month(month)
        # whole municipalities only, rounded down
        if enough(gained + gained * ahead // months):
            return month
    return None


DATASETS: tuple[DatasetContract, ...] = (LOAN_MONTH, PROJECT_MONTH)
