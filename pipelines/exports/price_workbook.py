"""A price calculation as a workbook that recalculates: assumptions are cells, and everything else is formulas.

The formulas match `catalog.domain.self_cost.calculate`, with rounding in the same places; a test compares the two.
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from pathlib import Path

from openpyxl import Workbook
from openpyxl.styles import Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from catalog.domain import change, price_effects
from catalog.domain.pricing import PriceKind
from catalog.domain.self_cost import (
    CATEGORIES,
    LEVELS,
    MUNICIPALITIES,
    SOURCES,
    STEPS,
    Calculation,
    Cost,
    decimals_of,
)
from pipelines.accounts.price import Report

INPUTS, USE, COST, PRICE, EFFECT = "Forutsetninger", "Bruk", "Kostnad", "Pris", "Virkning"
CELL_MUNICIPALITIES, CELL_VOLUME, CELL_YEARS = "B6", "B7", "B8"
_FIRST_CATEGORY = 9
CELL_OF_CATEGORY = {category: f"B{_FIRST_CATEGORY + n}" for n, category in enumerate(CATEGORIES)}
"""The cell of each assumed change of cost, in per cent."""
CELL_GROWTH = f"B{_FIRST_CATEGORY + len(CATEGORIES)}"
"""The factor of price growth from the booked cost to the year's."""
CELL_COVER = "B5"
FIRST_PRICE = 9
_FIRST_ROW = 2
_BOLD, _LARGE = Font(bold=True), Font(bold=True, size=14)
_YELLOW = PatternFill("solid", fgColor="FFF2CC")
_KR, _PERCENT, _COUNT = "#,##0.00", "0.00", "#,##0.####"
_WIDTHS = {INPUTS: (46, 18, 70), USE: (20,), COST: (18,), PRICE: (34,), EFFECT: (28,)}
_OTHER_WIDTH = 17


def write(report: Report, path: Path) -> None:
    """Write the workbook, overwriting a file of that name."""
    book = Workbook()
    book.remove(book.worksheets[0])
    uses = [*_drivers(report.calculation)]
    _inputs(book.create_sheet(INPUTS), report)
    rows = _use(book.create_sheet(USE), report.calculation, uses)
    last_cost = _cost(book.create_sheet(COST), report.calculation.base.costs, rows)
    _price(book.create_sheet(PRICE), report, rows, last_cost)
    _effect(book.create_sheet(EFFECT), report)
    for sheet in book.worksheets:
        widths = _WIDTHS[sheet.title]
        for n in range(sheet.max_column):
            width = widths[n] if n < len(widths) else _OTHER_WIDTH
            sheet.column_dimensions[get_column_letter(n + 1)].width = width
    book.save(path)


def _header(sheet: Worksheet, row: int, *titles: str) -> None:
    for n, title in enumerate(titles, 1):
        sheet.cell(row, n, title).font = _BOLD


def _put(sheet: Worksheet, row: int, *values: object, form: str = "General") -> None:
    for n, value in enumerate(values, 1):
        cell = sheet.cell(row, n)
        # a text from a register stays text, whatever it begins with
        if isinstance(value, _Text):
            cell.value, cell.data_type = str(value), "s"
        else:
            cell.value = value  # type: ignore[assignment]
        if not isinstance(value, str) or value.startswith("="):
            cell.number_format = form


class _Text(str):
    """A text from data, never a formula."""

    __slots__ = ()


def _inputs(sheet: Worksheet, report: Report) -> None:
    base, supposed = report.calculation.base, report.calculation.assumptions
    sheet["A1"] = f"Priskalkyle {base.service} {base.year}"
    sheet["A1"].font = _LARGE
    sheet["A2"] = "SYNTETISKE TALL: noe av grunnlaget er laget av simulatoren." if base.synthetic else "Uten mva."
    sheet["A3"] = f"Utgave {report.release}. Endre de gule cellene; resten regnes om."
    _header(sheet, 5, "Forutsetning", "Verdi", "Forklaring")
    here = base.uses.get(MUNICIPALITIES)
    about = f"Tom: som framskrevet ({here.expected.normalize():f})." if here else "Tjenesten har ingen framskriving."
    lines: list[tuple[str, object, str]] = [
        ("Kommuner som har tjenesten", supposed.municipalities, f"{about} Bruken følger i samme forhold."),
        ("Mer bruk enn framskrevet, prosent", supposed.volume, "Negativt: mindre bruk."),
        ("År som akkumulert resultat gjøres opp over", supposed.years, "1 til 5. Resten føres videre."),
        *(
            (f"Endret kostnad, {category.lower()}, prosent", supposed.cost.get(category, Decimal(0)), "")
            for category in CATEGORIES
        ),
        ("Prisvekst på bokført kostnad, faktor", base.price_growth, base.deflator or "1: uten prisvekst."),
    ]
    for row, (title, value, note) in enumerate(lines, 6):
        _put(sheet, row, title, value, note)
        sheet.cell(row, 2).fill = _YELLOW


def _drivers(calculation: Calculation) -> list[str]:
    """Everything that prices or costs depend on, municipalities first."""
    drivers = {p.driver for p in calculation.base.prices} | {line.varies_with for line in calculation.base.costs}
    return [MUNICIPALITIES, *sorted(d for d in drivers if d is not None and d != MUNICIPALITIES)]


def _use(sheet: Worksheet, calculation: Calculation, drivers: Sequence[str]) -> dict[str, int]:
    """Write each driver's current and forecast use and their ratio; return the row of each driver."""
    _header(
        sheet, 1, "Telles etter", "Nå", "Lavt", "Ventet", "Høyt", "Metode", "Feil i etterprøving",
        "Lavt mot nå", "Ventet mot nå", "Høyt mot nå", "Andel som kan sammenliknes",
    )  # fmt: skip
    rows: dict[str, int] = {}
    count = f"{INPUTS}!${CELL_MUNICIPALITIES[0]}${CELL_MUNICIPALITIES[1:]}"
    volume = f"{INPUTS}!${CELL_VOLUME[0]}${CELL_VOLUME[1:]}"
    for row, driver in enumerate(drivers, _FIRST_ROW):
        use = calculation.base.uses.get(driver)
        rows[driver] = row
        figures = [use.now, *(use.at(k) for k in LEVELS)] if use else [Decimal(0)] * 4
        shares = []
        for letter in "CDE":
            share = f"IF($B{row}=0,1,{letter}{row}*$K{row}/$B{row})"
            if driver == MUNICIPALITIES:
                shares.append(f'=IF($B{row}=0,1,IF({count}="",{letter}{row},{count})/$B{row})')
            else:
                others = f'IF({count}="",1,IF($D${_FIRST_ROW}=0,1,{count}/$D${_FIRST_ROW}))'
                shares.append(f"={share}*{others}*(100+{volume})/100")
        method = use.method if use else None
        error = use.backtest_error if use else None
        compared = use.compared if use else Decimal(1)
        _put(sheet, row, _Text(driver), *figures, method, error, *shares, compared, form=_COUNT)
    return rows


def _cost(sheet: Worksheet, costs: Sequence[Cost], rows: dict[str, int]) -> int:
    """Write the cost base, line by line, and return the last row."""
    _header(
        sheet, 1, "Type", "Konto", "Kilde", "Varierer med", "Bokført, kr", "Måneder", "Tolv måneder, kr",
        "Etter endring, kr", "Lavt, kr", "Ventet, kr", "Høyt, kr",
    )  # fmt: skip
    for row, line in enumerate(costs, _FIRST_ROW):
        source = SOURCES[line.source].nb
        # capital cost is calculated for the year: neither price growth nor an assumption changes it
        cell = CELL_OF_CATEGORY.get(line.category)
        changed = (
            f"=ROUND(ROUND(G{row}*{INPUTS}!$B${CELL_GROWTH[1:]},2)*(100+{INPUTS}!$B${cell[1:]})/100,2)"
            if cell
            else f"=G{row}"
        )
        levels = [
            f"=H{row}" if line.varies_with is None else f"=ROUND(H{row}*{USE}!{letter}{rows[line.varies_with]},2)"
            for letter in "HIJ"
        ]
        _put(
            sheet, row, line.category, _Text(line.account or ""), source, _Text(line.varies_with or "fast"),
            Decimal(line.amount_ore) / 100, line.months, f"=ROUND(E{row}*12/F{row},2)",
            changed, *levels, form=_KR,
        )  # fmt: skip
    return _FIRST_ROW + len(costs) - 1


_PRICE_TITLES = (
    "Pris", "Kanal", "Enhet", "Dagens pris, kr", "Enheter nå", "Enheter, lavt", "Enheter, ventet", "Enheter, høyt",
    "Vekt, kr", "Vekt × enheter", "Selvkostpris, kr", "Foreslått pris, kr", "Vedtatt pris, kr", "Avvik, kr",
    "Avvik, prosent", "Inntekt lavt, kr", "Inntekt ventet, kr", "Inntekt høyt, kr", "Inntekt lavt i dag, kr",
    "Inntekt ventet i dag, kr", "Inntekt høyt i dag, kr",
)  # fmt: skip


def _price(sheet: Worksheet, report: Report, rows: dict[str, int], last_cost: int) -> None:
    """Write the prices, with the amount to be covered above them and income and coverage below."""
    calculation, now = report.calculation, report.calculation.base.balance_now_ore
    costs = [f"SUM({COST}!{letter}{_FIRST_ROW}:{letter}{last_cost})" for letter in "IJK"]
    balance = Decimal(calculation.base.balance_ore) / 100
    years = f"{INPUTS}!${CELL_YEARS[0]}${CELL_YEARS[1:]}"
    _put(sheet, 1, "Beregning", calculation.base.service)
    sheet["A1"].font = _BOLD
    _put(sheet, 2, "Kostnad ved ventet bruk, kr", f"={costs[1]}", form=_KR)
    when = "" if now is None else f" ventet ved utgangen av {calculation.base.year - 1}"
    _put(sheet, 3, f"Akkumulert resultat{when}, kr", balance, form=_KR)
    _put(
        sheet,
        4,
        "Overskudd som brukes (negativt: underskudd), kr",
        f"=MIN(ROUND(B3/{years},2),MAX(0,B2))",
        form=_KR,
    )
    _put(sheet, 5, "Skal dekkes, kr", "=B2-B4", form=_KR)
    if now is not None:
        _put(sheet, 6, f"Akkumulert resultat til og med {report.last:%Y-%m}, kr", Decimal(now) / 100, form=_KR)
    _put(sheet, 7, "Hver pris bærer så mye av det som skal dekkes, som den gir av inntekten med dagens priser.")
    _header(sheet, FIRST_PRICE - 1, *_PRICE_TITLES)
    last = FIRST_PRICE + len(calculation.results) - 1
    weights = f"SUM($J${FIRST_PRICE}:$J${last})"
    # if today's prices bring no income, every unit weighs the same
    flat = not any(x.priced.weighs * x.units["expected"] for x in calculation.results)
    for row, x in enumerate(calculation.results, FIRST_PRICE):
        p = x.priced
        # measured units include the gaps that growth excludes (`_units_at` of the calculation)
        whole = f"/{USE}!K{rows[p.driver]}" if p.driver and p.units_source == "MEASURED" else ""
        units = [
            f"=ROUND(E{row}*{USE}!{letter}{rows[p.driver]}{whole},4)" if p.driver else f"=E{row}" for letter in "HIJ"
        ]
        _put(
            sheet, row, _Text(p.price_element), _Text(_for_whom(p.channel, p.size_low, p.size_high)), _Text(p.unit),
            p.current, p.units_now, *units, Decimal(1) if flat else p.weighs, f"=I{row}*G{row}",
            f"=ROUND(I{row}*$B$5/{weights},6)", f"={_steps(f'K{row}', decimals_of(p.current))}", p.decided,
            f'=IF(M{row}="","",K{row}-M{row})', f'=IF(OR(M{row}="",M{row}=0),"",ROUND((K{row}-M{row})*100/M{row},2))',
            *(f"=ROUND({u}{row}*L{row},2)" for u in "FGH"), *(f"=ROUND({u}{row}*D{row},2)" for u in "FGH"),
            form=_COUNT,
        )  # fmt: skip
    at = last + 2
    _header(sheet, at, "Hele tjenesten", "Lavt", "Ventet", "Høyt")

    def sums(letters: str) -> list[str]:
        return [f"SUM({letter}{FIRST_PRICE}:{letter}{last})" for letter in letters]

    def shares(incomes: Sequence[str]) -> list[str]:
        return [
            f'=IF({cost}<=0,"",ROUND(({income}+$B$4)*100/{cost},2))'
            for income, cost in zip(incomes, costs, strict=True)
        ]

    _put(sheet, at + 1, "Kostnad, kr", *(f"={cost}" for cost in costs), form=_KR)
    _put(sheet, at + 2, "Inntekt med foreslått pris, kr", *(f"={s}" for s in sums("PQR")), form=_KR)
    _put(sheet, at + 3, "Dekning med saldo og foreslått pris, prosent", *shares(sums("PQR")), form=_PERCENT)
    _put(sheet, at + 4, "Inntekt med dagens pris, kr", *(f"={s}" for s in sums("STU")), form=_KR)
    _put(sheet, at + 5, "Dekning med saldo ved dagens pris, prosent", *shares(sums("STU")), form=_PERCENT)


def _for_whom(channel: str | None, low: int | None, high: int | None) -> str:
    bounds = [channel] if channel else []
    bounds += [f"fra {low} innbyggere"] if low is not None else []
    bounds += [f"under {high} innbyggere"] if high is not None else []
    return ", ".join(bounds)


def _steps(cell: str, today: int) -> str:
    """The proposed price as a formula, rounded as in the calculation; today's price has `today` decimals."""
    formula = ""
    for below, decimals in reversed(STEPS):
        up = f"ROUNDUP({cell},{max(decimals, today)})"
        formula = up if below is None else f"IF({cell}<{below},{up},{formula})"
    return formula


def _change_percent(before: str, now: str) -> str:
    """`change.in_percent` as a formula; empty where the base is too small, since both amounts stand beside."""
    places = f"IF({before}>={change.TENTHS_FROM},1,0)"
    return f'=IF(ROUND({before},0)<{change.SMALLEST_BASE},"",ROUND(({now}-{before})*100/{before},{places}))'


def _effect(sheet: Worksheet, report: Report) -> None:
    """Write what customers of each size pay today and with the new price, which is on the price sheet."""
    titles = ("Størrelse", "Priselement", "Kunder", "I dag, kr", "Da, kr", "Endring, kr", "Endring, prosent", "Mengde")
    _header(sheet, 1, *titles)
    at = {id(x): row for row, x in enumerate(report.calculation.results, FIRST_PRICE)}
    sums: dict[tuple[int, str, str, tuple[int, ...]], tuple[set[str], Decimal, int]] = {}
    order = [name for _, name in price_effects.SIZES] + [price_effects.NO_MUNICIPALITY, price_effects.UNNAMED]
    for used in report.used:
        results = price_effects.prices_for(report.calculation, used)
        if not results:
            continue
        size = used.customer.size
        key = (order.index(size), size, used.price_element, tuple(at[id(x)] for x in results))
        who, quantity, amount = sums.get(key, (set(), Decimal(0), 0))
        sums[key] = (
            {*who, used.customer.organisation_number or ""}, quantity + used.quantity, amount + used.amount_ore
        )  # fmt: skip
    kinds = {row: x.priced.kind for row, x in enumerate(report.calculation.results, FIRST_PRICE)}
    for row, ((_, size, element, of), (who, quantity, amount)) in enumerate(sorted(sums.items()), _FIRST_ROW):
        units = "+".join(f"{PRICE}!E{n}" for n in of)
        mean = {
            letter: f"IF(({units})=0,({'+'.join(f'{PRICE}!{letter}{n}' for n in of)})/{len(of)},"
            f"({'+'.join(f'{PRICE}!E{n}*{PRICE}!{letter}{n}' for n in of)})/({units}))"
            for letter in "DL"
        }
        shared = any(kinds[n] == PriceKind.BASE_FUNDING for n in of)
        _put(
            sheet, row, size, _Text(element), len(who),
            Decimal(amount) / 100 if shared else f"=ROUND(H{row}*{mean['D']},2)",
            f"=IF({mean['D']}=0,0,ROUND(D{row}*{mean['L']}/{mean['D']},2))" if shared
            else f"=ROUND(H{row}*{mean['L']},2)",
            f"=E{row}-D{row}", _change_percent(f"D{row}", f"E{row}"), quantity, form=_KR,
        )  # fmt: skip
