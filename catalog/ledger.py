"""The product ledgers: every krone with its source, and the month's account of each product."""

from __future__ import annotations

import pyarrow as pa

from catalog import columns as c
from catalog import rules as r
from catalog.contracts import Additivity, Audience, Column, DatasetContract
from catalog.products import SERVICES
from catalog.streams import COST_CATEGORIES
from catalog.text import en, nb

ACCOUNTS = ("INCOME", "COST", "ALLOCATED_COST", "LOAN", "PROJECT")
_OWNER = "team:okonomi"
_UNALLOCATED = nb(
    "Uten mva. Felleskostnad uten tjeneste er ikke fordelt ennå og er ikke med; "
    "den står i ledger.entry med tom tjeneste."
) | en(
    "Without VAT. Shared cost without a service is not allocated yet, and is left out; "
    "ledger.entry has it, service null."
)

ENTRY = DatasetContract(
    schema="ledger",
    table="entry",
    title=nb("Posteringer") | en("Ledger entries"),
    about=nb(
        "Én rad per beløp med kilde: fakturalinje, kostnadsbilag, lånebilag. Fordeling er par som summerer til null."
    )
    | en(
        "One row per amount with its source: invoice line, cost entry, loan entry. "
        "Allocations are pairs that sum to zero."
    ),
    owner=_OWNER,
    audience=Audience.LEDGER,
    sources=("invoice_line", "cost_entry", "loan_entry"),
    columns=(
        Column("source_stream", pa.string(), nb("Kildestrøm") | en("Source stream"), key=True),
        c.PRODUCER.but(key=True),
        Column("source_key", pa.string(), nb("Nøkkel i kilden") | en("Key in the source"), key=True),
        c.ORGANISATION_NUMBER.but(null=True),
        c.SERVICE.but(
            null=True, key=True, about=nb("Tom så lenge kostnaden er felles.") | en("Null while the cost is shared.")
        ),
        c.MONTH.but(name="period", title=nb("Periode") | en("Period")),
        c.MONTH.but(name="original_period", title=nb("Opprinnelig periode") | en("Original period")),
        Column(
            "account",
            pa.string(),
            nb("Art") | en("Account"),
            nb("INCOME, COST, ALLOCATED_COST, LOAN eller PROJECT.")
            | en("INCOME, COST, ALLOCATED_COST, LOAN or PROJECT."),
            key=True,
        ),
        Column(
            "category",
            pa.string(),
            nb("Type") | en("Category"),
            nb("Kostnadstype, priselement eller lånebevegelse.")
            | en("Cost category, price element or kind of loan entry."),
            null=True,
        ),
        c.amount("amount_ore", "Beløp", "Amount"),
        c.SYNTHETIC,
    ),
    rules=(
        r.one_of("source_stream", ("invoice_line", "cost_entry", "loan_entry")),
        r.one_of("account", ACCOUNTS),
        r.one_of("service", SERVICES),
        r.first_of_month("period"),
        r.first_of_month("original_period"),
    ),
)

PRODUCT_MONTH = DatasetContract(
    schema="ledger",
    table="product_month",
    title=nb("Produktregnskap per måned") | en("Product ledger per month"),
    about=nb(
        "Én rad per tjeneste og måned med inntekt, kostnad eller budsjett. "
        "Utvikling i prosjekt og tilkoblingspris som betaler lån, står utenfor."
    )
    | en(
        "One row per service and month with income, cost or budget. "
        "Project development and joining fees that repay loans stand outside."
    ),
    owner=_OWNER,
    audience=Audience.LEDGER,
    sources=("invoice_line", "cost_entry", "budget"),
    columns=(
        c.SERVICE.but(key=True),
        c.MONTH.but(key=True),
        c.amount("income_ore", "Inntekt", "Income"),
        *(
            c.amount(f"cost_{k.lower()}_ore", f"Kostnad, {k.lower()}", f"Cost, {k.lower()}")
            for k in COST_CATEGORIES
            if k != "UTVIKLING"
        ),
        c.amount("allocated_ore", "Fordelt felleskostnad", "Allocated shared cost"),
        c.amount("result_ore", "Resultat", "Result").but(about=_UNALLOCATED),
        c.amount("budget_ore", "Budsjettert resultat", "Budgeted result", null=True),
        Column(
            "self_cost_percent",
            pa.decimal128(18, 2),
            nb("Selvkostgrad") | en("Self-cost coverage"),
            nb(
                "Inntekt i prosent av månedens kostnad, uten fordelt felleskostnad; årspriser gir skjeve måneder. "
                "Mangler uten kostnad."
            )
            | en(
                "Income in per cent of the month's cost, without shared cost; yearly prices skew single months. "
                "Missing without cost."
            ),
            null=True,
            unit="prosent",
            additivity=Additivity.NONE,
        ),
        c.amount("balance_carried_ore", "Akkumulert resultat", "Balance carried").but(
            about=_UNALLOCATED, additivity=Additivity.LAST
        ),
        c.SYNTHETIC,
    ),
    rules=(
        r.one_of("service", SERVICES),
        r.first_of_month("month"),
        r.Rule(
            "result_ties",
            "income_ore - cost_brukerstotte_ore - cost_drift_ore - cost_forvaltning_ore - cost_administrasjon_ore "
            "- allocated_ore = result_ore",
            ("result_ore",),
            nb("Inntekt − kostnad − fordelt er ikke resultatet.") | en("Income − cost − allocated is not the result."),
        ),
    ),
)

DATASETS = (ENTRY, PRODUCT_MONTH)
