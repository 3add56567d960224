"""Usage: how much each organisation and municipality uses, by service and channel."""

from __future__ import annotations

import pyarrow as pa

from catalog import columns as c
from catalog import rules as r
from catalog.contracts import Additivity, Column, DatasetContract, View
from catalog.products import SERVICES
from catalog.streams import CHANNELS
from catalog.text import en, nb

_OWNER = "team:dif"
_CHANNELS = (*CHANNELS, "UNKNOWN")

DISPATCH_DAY = DatasetContract(
    schema="usage",
    table="dispatch_day",
    title=nb("Forsendelser per dag") | en("Dispatches a day"),
    about=nb("Én rad per dag, virksomhet, tjeneste, kanal og utfall. Dager uten forsendelser er utelatt, ikke null.")
    | en("One row per day, organisation, service, channel, outcome. Days without dispatches are left out, not zero."),
    owner=_OWNER,
    partitioned=True,
    sources=("dispatch",),
    columns=(
        c.MONTH,
        c.DAY.but(key=True),
        c.ORGANISATION_NUMBER.but(key=True),
        c.SERVICE.but(key=True),
        c.CHANNEL.but(key=True),
        c.OUTCOME.but(key=True),
        c.count("dispatches", "Forsendelser", "Dispatches", "forsendelser"),
        c.count("documents", "Dokumenter", "Documents", "dokumenter"),
        c.count("pages", "Sider", "Pages", "sider"),
        c.count("sheets", "Ark", "Sheets", "ark"),
        c.count("bytes", "Størrelse", "Size", "byte"),
        c.amount("production_cost_ore", "Produksjonskostnad for print", "Cost of print"),
        c.amount("postage_ore", "Porto", "Postage"),
        c.SYNTHETIC,
    ),
    rules=(
        r.one_of("service", SERVICES),
        r.one_of("channel", _CHANNELS),
        r.one_of("outcome", ("open", "delivered", "failed", "closed")),
        r.modulus_11("organisation_number"),
        r.at_least("dispatches", 1),
        r.at_least("sheets", 0),
        r.at_least("production_cost_ore", 0),
        r.Rule(
            "day_in_month",
            "date_trunc('month', day) = month",
            ("day", "month"),
            nb("Dagen er i måneden.") | en("The day is in the month."),
        ),
    ),
)

MUNICIPALITY_MONTH = DatasetContract(
    schema="usage",
    table="municipality_month",
    title=nb("Forsendelser per kommune og måned") | en("Dispatches per municipality and month"),
    about=nb(
        "Én rad per måned, inndeling, kommune, tjeneste og kanal; bare kommuner. "
        "Delte kommuner fordeles etter oppgitte vekter."
    )
    | en(
        "One row per month, borders, municipality, service, channel; municipalities only. "
        "Split ones follow declared weights."
    ),
    owner=_OWNER,
    partitioned=True,
    sources=("dispatch", "municipality", "population"),
    columns=(
        c.MONTH.but(key=True),
        Column(
            "borders",
            pa.string(),
            nb("Inndeling") | en("Borders"),
            nb("then: inndelingen som gjaldt i måneden. now: inndelingen fra 2024.")
            | en("then: the division in force in the month. now: the division of 2024."),
            key=True,
        ),
        c.MUNICIPALITY_CODE.but(key=True),
        c.SERVICE.but(key=True),
        c.CHANNEL.but(key=True),
        Column(
            "dispatches",
            c.QUANTITY,
            nb("Forsendelser") | en("Dispatches"),
            unit="forsendelser",
            additivity=Additivity.SUM,
        ),
        Column("sheets", c.QUANTITY, nb("Ark") | en("Sheets"), unit="ark", additivity=Additivity.SUM),
        Column(
            "production_cost_ore",
            c.QUANTITY,
            nb("Produksjonskostnad for print") | en("Cost of print"),
            unit="øre",
            additivity=Additivity.SUM,
        ),
        Column("postage_ore", c.QUANTITY, nb("Porto") | en("Postage"), unit="øre", additivity=Additivity.SUM),
        Column(
            "inhabitants",
            pa.int64(),
            nb("Innbyggere") | en("Inhabitants"),
            nb("1. januar i året; mangler der koden ikke lar seg føre én til én til dagens inndeling.")
            | en("1 January of the year; missing where the code cannot be mapped one to one to the division of now."),
            null=True,
            unit="innbyggere",
            additivity=Additivity.NONE,
        ),
        Column(
            "per_1000_inhabitants",
            c.QUANTITY,
            nb("Forsendelser per 1 000 innbyggere") | en("Dispatches per 1 000 inhabitants"),
            null=True,
            unit="forsendelser",
            additivity=Additivity.NONE,
        ),
        Column(
            "digital_share",
            c.SHARE,
            nb("Digital andel") | en("Digital share"),
            nb("Andel av leverte forsendelser, alle kanaler sett under ett, som ikke gikk til print.")
            | en("Share of delivered dispatches, all channels together, that did not go to print."),
            null=True,
            unit="andel",
            additivity=Additivity.NONE,
        ),
        Column(
            "digital_share_provisional",
            pa.bool_(),
            nb("Foreløpig digital andel") | en("Digital share is provisional"),
            nb("Sann til sju virkedager etter måneden.") | en("True until seven working days after the month."),
        ),
        Column(
            "estimated",
            pa.bool_(),
            nb("Anslått") | en("Estimated"),
            nb("Sann når en delt kommune er fordelt etter vekter.")
            | en("True where a split municipality follows weights."),
        ),
        c.SYNTHETIC,
    ),
    rules=(
        r.one_of("borders", ("then", "now")),
        r.one_of("service", SERVICES),
        r.one_of("channel", _CHANNELS),
        r.matches("municipality_code", "[0-9]{4}"),
        r.first_of_month("month"),
        r.at_least("dispatches", 0),
        r.between("digital_share", 0, 1),
    ),
    views=(
        View(
            "municipality_month_then",
            nb("Per kommune og måned, datidens inndeling") | en("Per municipality and month, borders of then"),
            "borders = 'then'",
            without=("borders",),
        ),
        View(
            "municipality_month_now",
            nb("Per kommune og måned, dagens inndeling") | en("Per municipality and month, borders of now"),
            "borders = 'now'",
            without=("borders",),
        ),
    ),
)

DATASETS = (DISPATCH_DAY, MUNICIPALITY_MONTH)
