"""Which rules of self-cost are followed, and each product's self-cost account by year, as contracts.

The rules, their formulas and their sources are in `docs/self-cost.md`; the arithmetic is in
`catalog.domain.self_cost_rules`.
"""

from __future__ import annotations

from catalog.contracts import columns as c
from catalog.contracts import rules as r
from catalog.contracts.language import Additivity, Audience, Column, DatasetContract
from catalog.domain.products import OWN_SERVICES
from catalog.domain.self_cost_rules import RULES
from catalog.tables import registers
from catalog.text import en, nb

_OWNER = "team:okonomi"
_NONE = Additivity.NONE

SELF_COST_RULE = DatasetContract(
    schema="ledger",
    table="self_cost_rule",
    title=registers.SELF_COST_RULE.title,
    about=nb(
        "Én rad per regel, tjeneste og gyldighet: registeret med samme navn. En regel uten rad følges ikke, bortsett "
        "fra at over- og underskudd gjøres opp over tre år."
    )
    | en(
        "One row per rule, service and validity: the register of that name. A rule without a row is not followed, "
        "except that a surplus or deficit is settled over three years."
    ),
    owner=_OWNER,
    audience=Audience.LEDGER,
    sources=("self_cost_rule",),
    columns=(*(column for column in registers.SELF_COST_RULE.columns if column.name != "synthetic"), c.SYNTHETIC),
    rules=(r.one_of("rule", tuple(RULES)),),
)


_NO_VALUE = nb("Tomt der en regel som følges, mangler verdi.") | en("Null where a rule that is followed has no value.")


def _nullable_amount(name: str, nb_title: str, en_title: str, nb_about: str = "", en_about: str = "") -> Column:
    """An amount that is null where a rule is missing."""
    texts = f"Uten mva. {nb_about}".strip(), f"Excl. VAT. {en_about}".strip()
    about = nb(f"{texts[0]} {_NO_VALUE.nb}") | en(f"{texts[1]} {_NO_VALUE.en}")
    return c.amount(name, nb_title, en_title, null=True, about=about)


SELF_COST_YEAR = DatasetContract(
    schema="ledger",
    table="self_cost_year",
    title=nb("Selvkostregnskap per år") | en("Self-cost account per year"),
    about=nb(
        "Én rad per tjeneste og år: fra bokført inntekt og kostnad til gebyrgrunnlag, resultat og saldo etter reglene "
        "i ledger.self_cost_rule. Uten regler er saldoen den samme som i ledger.product_month. Det siste året har "
        "månedene som er over. Der en regel som følges, mangler verdi, er det som bygger på den, tomt."
    )
    | en(
        "One row per service and year: from booked income and cost to fee basis, result and balance by the rules of "
        "ledger.self_cost_rule. Without rules the balance is that of ledger.product_month. The last year has the "
        "months that are over. Where a rule that is followed has no value, what rests on it is null."
    ),
    owner=_OWNER,
    audience=Audience.LEDGER,
    sources=("invoice_line", "cost_entry", "loan_entry", "self_cost_rule"),
    columns=(
        c.SERVICE.but(key=True),
        c.int32("year", "År", "Year", "år", key=True, additivity=_NONE),
        c.int32("months", "Måneder", "Months", "måneder", additivity=_NONE),
        _nullable_amount(
            "opening_ore", "Saldo ved start", "Opening balance", "Positiv for overskudd.", "Positive for a surplus."
        ).but(additivity=_NONE),
        c.amount("income_ore", "Inntekt", "Income"),
        c.amount("cost_ore", "Bokført kostnad", "Booked cost").explained(
            "Uten mva. Med fordelt felleskostnad.", "Excl. VAT. With allocated shared cost."
        ),
        _nullable_amount("depreciation_ore", "Kalkulatoriske avskrivninger", "Calculated depreciation"),
        _nullable_amount("interest_ore", "Kalkulatorisk rente på anleggsmidler", "Calculated interest on fixed assets"),
        _nullable_amount(
            "base_ore",
            "Gebyrgrunnlag",
            "Fee basis",
            "Kostnad, avskrivninger og rente.",
            "Cost, depreciation and interest.",
        ),
        _nullable_amount(
            "result_ore",
            "Resultat etter selvkost",
            "Result by self-cost",
            "Inntekt − gebyrgrunnlag.",
            "Income − fee basis.",
        ),
        _nullable_amount(
            "from_fund_ore",
            "Bruk av fond",
            "Use of fund",
            "Tidligere overskudd som dekker årets underskudd.",
            "Earlier surplus that covers the year's deficit.",
        ),
        _nullable_amount("carried_ore", "Framført underskudd", "Deficit carried forward"),
        _nullable_amount("covered_ore", "Underskudd som eieren dekker", "Deficit that the owner covers"),
        _nullable_amount(
            "recovered_ore",
            "Inndekket underskudd",
            "Recovery of carried deficit",
            "Årets overskudd som dekker tidligere underskudd.",
            "The year's surplus that recovers earlier deficit.",
        ),
        _nullable_amount("to_fund_ore", "Avsatt til fond", "Set aside to fund"),
        _nullable_amount("balance_interest_ore", "Rente på saldoen", "Interest on the balance"),
        _nullable_amount("closing_ore", "Saldo ved slutten", "Closing balance").but(additivity=_NONE),
        c.int32(
            "oldest_year", "Eldste år i saldoen", "Oldest year of the balance", "år", null=True, additivity=_NONE
        ).explained(
            "Saldoen gjøres opp med det eldste først. Det som var der før regnskapet, er fra året før det. Tom uten "
            "saldo, og der regelen om oppgjør (settle_deficit_years) ikke er ført i registeret.",
            "The balance is settled with the oldest first. What was there before the accounts is of the year before. "
            "Null without a balance, and where the rule of settling (settle_deficit_years) is not in the register.",
        ),
        c.amount(
            "old_balance_ore",
            "Herav oppstått for minst fem år siden",
            "Of which arose at least five years ago",
            null=True,
        )
        .explained(
            "Uten mva. Det som oppsto minst fem år før, og som etter selvkostforskriften gjøres opp senest i året. Tom "
            "der regelen om oppgjør ikke er ført i registeret.",
            "Excl. VAT. What arose at least five years before, which by selvkostforskriften is settled within the year "
            "at the latest. Null where the rule of settling is not in the register.",
        )
        .but(additivity=_NONE),
        c.percent(
            "coverage_percent", "Dekning av gebyrgrunnlaget", "Coverage of the fee basis", 38, null=True
        ).explained(
            "Inntekt i prosent av gebyrgrunnlaget. Uten kalkulatoriske kostnader er det samme tall som inntekt i "
            f"prosent av bokført kostnad (self_cost_percent i ledger.product_month). {_NO_VALUE.nb}",
            "Income in per cent of the fee basis. Without calculated cost it is the same number as income in per cent "
            f"of booked cost (self_cost_percent of ledger.product_month). {_NO_VALUE.en}",
        ),
        c.percent("self_cost_ratio_percent", "Selvkostgrad", "Self-cost ratio", 38, null=True).explained(
            "Som hos SSB: (inntekt − avsatt til fond − inndekket underskudd + bruk av fond + framført underskudd) i "
            f"prosent av gebyrgrunnlaget. {_NO_VALUE.nb}",
            "As at Statistics Norway: (income − set aside to fund − recovery of carried deficit + use of fund + "
            f"deficit carried forward) in per cent of the fee basis. {_NO_VALUE.en}",
        ),
        c.text("rules_missing", "Regler uten verdi", "Rules without a value", null=True).explained(
            "Regler i registeret self_cost_rule som følges og mangler verdi for året eller et år før.",
            "Rules of the register self_cost_rule that are followed and have no value for the year or one before.",
        ),
        c.SYNTHETIC,
    ),
    rules=(
        r.one_of("service", OWN_SERVICES),
        r.between("months", 1, 12),
        r.Rule(
            "base_ties",
            "cost_ore + depreciation_ore + interest_ore = base_ore and income_ore - base_ore = result_ore",
            ("cost_ore", "depreciation_ore", "interest_ore", "base_ore", "income_ore", "result_ore"),
            nb("Kostnad + avskrivninger + rente må være lik gebyrgrunnlaget, og inntekt − gebyrgrunnlag resultatet.")
            | en("Cost + depreciation + interest must equal the fee basis, and income − fee basis the result."),
        ),
        r.Rule(
            "result_is_settled",
            "to_fund_ore + recovered_ore - from_fund_ore - carried_ore - covered_ore = result_ore",
            ("to_fund_ore", "recovered_ore", "from_fund_ore", "carried_ore", "covered_ore", "result_ore"),
            nb("Det som avsettes, dekkes inn, brukes og framføres, må være lik resultatet.")
            | en("What is set aside, recovered, used and carried must equal the result."),
        ),
        r.Rule(
            "balance_ties",
            "opening_ore + result_ore + covered_ore + balance_interest_ore = closing_ore",
            ("opening_ore", "result_ore", "covered_ore", "balance_interest_ore", "closing_ore"),
            nb("Saldo ved start + resultat + dekket av eieren + rente må være lik saldoen ved slutten.")
            | en("Opening balance + result + covered by the owner + interest must equal the closing balance."),
        ),
    ),
)

DATASETS: tuple[DatasetContract, ...] = (SELF_COST_RULE, SELF_COST_YEAR)
