"""Meta: what a release holds, in words an analyst can query. Made from the contracts, never typed."""

from __future__ import annotations

import pyarrow as pa

from catalog.contracts import columns as c
from catalog.contracts import rules as r
from catalog.contracts.language import Column, DatasetContract
from catalog.text import en, nb

_OWNER = "team:dif"


def _text(name: str, nb_title: str, en_title: str, *, key: bool = False, null: bool = False) -> Column:
    return Column(name, pa.string(), nb(nb_title) | en(en_title), key=key, null=null)


RELEASE = DatasetContract(
    schema="meta",
    table="release",
    title=nb("Denne utgaven") | en("This release"),
    about=nb("Én rad.") | en("One row."),
    owner=_OWNER,
    columns=(
        _text("release", "Utgave", "Release", key=True),
        _text("parent", "Forrige utgave", "Parent", null=True),
        Column("published_at", c.TIMESTAMP, nb("Publisert") | en("Published at")),
        Column("as_of", c.TIMESTAMP, nb("Som kjent") | en("As of")),
        c.MONTH.but(name="through_month", title=nb("Tall til og med") | en("Figures through"), null=True),
        c.count("checks_passed", "Kontroller bestått", "Checks passed", "kontroller"),
        c.SYNTHETIC,
    ),
)
DATASET = DatasetContract(
    schema="meta",
    table="dataset",
    title=nb("Datasett") | en("Datasets"),
    about=nb("Én rad per datasett.") | en("One row per dataset."),
    owner=_OWNER,
    columns=(
        _text("dataset", "Datasett", "Dataset", key=True),
        _text("title_nb", "Tittel, bokmål", "Title, Norwegian"),
        _text("title_en", "Tittel, engelsk", "Title, English"),
        _text("about_nb", "Beskrivelse, bokmål", "Description, Norwegian"),
        _text("about_en", "Beskrivelse, engelsk", "Description, English"),
        _text("owner", "Eier", "Owner"),
        _text("audience", "Hvem som kan lese", "Audience"),
        _text("sources", "Kilder", "Sources", null=True),
        Column("freshness_hours", pa.int32(), nb("Skal oppdateres innen") | en("Freshness"), unit="timer"),
        Column("contract_version", pa.int32(), nb("Kontraktens utgave") | en("Contract version")),
        c.count("rows", "Rader", "Rows", "rader", null=True).but(
            about=nb("Tom for datasettene som beskriver utgaven.")
            | en("Null for the datasets that describe the release.")
        ),
        _text("content_hash", "Innholdssum", "Content hash", null=True).but(
            about=nb("Tom for datasett som ikke alle kan lese, og for dem som beskriver utgaven.")
            | en("Null for datasets that not everyone may read, and for those that describe the release.")
        ),
        c.SYNTHETIC,
    ),
)
COLUMN_DEFINITION = DatasetContract(
    schema="meta",
    table="column_definition",
    title=nb("Kolonner") | en("Columns"),
    about=nb("Én rad per datasett og kolonne.") | en("One row per dataset and column."),
    owner=_OWNER,
    columns=(
        _text("dataset", "Datasett", "Dataset", key=True),
        _text("column_name", "Kolonne", "Column", key=True),
        Column("position", pa.int32(), nb("Plass") | en("Position")),
        _text("type", "Type", "Type"),
        _text("unit", "Enhet", "Unit", null=True),
        Column("is_key", pa.bool_(), nb("Del av nøkkelen") | en("Part of the key")),
        Column("may_be_null", pa.bool_(), nb("Kan mangle") | en("May be missing")),
        _text("title_nb", "Tittel, bokmål", "Title, Norwegian"),
        _text("title_en", "Tittel, engelsk", "Title, English"),
        _text("about_nb", "Beskrivelse, bokmål", "Description, Norwegian"),
        _text("about_en", "Beskrivelse, engelsk", "Description, English"),
        _text("source", "Kilde", "Source", null=True),
        _text("additivity", "Kan summeres", "Additivity", null=True),
        _text("one_at_a_time", "Summer innen én verdi av", "Sum within one value of", null=True).but(
            about=nb(
                "Kolonner i nøkkelen, komma mellom, som gir det samme på nytt under en annen verdi. Tom der kolonnen "
                "kan summeres over hele nøkkelen eller ikke kan summeres."
            )
            | en(
                "Columns of the key, comma between, that give the same thing again under another value. Null where the "
                "column may be summed over the whole key or not at all."
            )
        ),
        Column("counts_persons", pa.bool_(), nb("Teller personer") | en("Counts persons")),
    ),
)
LINEAGE_KINDS = ("DATASET", "STREAM", "REGISTER")
LINEAGE = DatasetContract(
    schema="meta",
    table="lineage",
    title=nb("Hva datasett er laget av") | en("What datasets are made of"),
    about=nb(
        "Én rad per datasett og det nærmeste det er laget av: et annet datasett i utgaven, en strøm eller et register. "
        "Det som bare finnes underveis, er hoppet over."
    )
    | en(
        "One row per dataset and the nearest it is made of: another dataset of the release, a stream or a register. "
        "What exists only on the way is stepped over."
    ),
    owner=_OWNER,
    columns=(
        _text("dataset", "Datasett", "Dataset", key=True),
        Column(
            "kind",
            pa.string(),
            nb("Slag") | en("Kind"),
            nb("DATASET, STREAM (strøm) eller REGISTER.") | en("DATASET, STREAM or REGISTER."),
            key=True,
        ),
        _text("made_of", "Laget av", "Made of", key=True),
    ),
    rules=(r.one_of("kind", LINEAGE_KINDS),),
)
_NEEDS = Column(
    "files",
    pa.string(),
    nb("Filer som spørringen trenger") | en("Files that the query needs"),
    nb("Filer i utgaven, komma mellom. Åpne den første; koble den andre til som ledger.")
    | en("Files of the release, comma between. Open the first; attach the second as ledger."),
)
METRIC = DatasetContract(
    schema="meta",
    table="metric",
    title=nb("Måltall") | en("Metrics"),
    about=nb("Én rad per tall som en side viser, med definisjon og spørring.")
    | en("One row per number that a page shows, with definition and query."),
    owner=_OWNER,
    columns=(
        _text("metric", "Måltall", "Metric", key=True),
        _text("title_nb", "Tittel, bokmål", "Title, Norwegian"),
        _text("title_en", "Tittel, engelsk", "Title, English"),
        _text("definition_nb", "Definisjon, bokmål", "Definition, Norwegian"),
        _text("definition_en", "Definisjon, engelsk", "Definition, English"),
        _text("unit", "Enhet", "Unit"),
        _text("dataset", "Datasett", "Dataset"),
        _text("sql", "Spørring", "Query"),
        _NEEDS,
    ),
)
EXAMPLE_QUERY = DatasetContract(
    schema="meta",
    table="example_query",
    title=nb("Eksempelspørringer") | en("Example queries"),
    about=nb("Én rad per spørsmål med svar i SQL.") | en("One row per question with its answer in SQL."),
    owner=_OWNER,
    columns=(
        _text("question_nb", "Spørsmål, bokmål", "Question, Norwegian", key=True),
        _text("question_en", "Spørsmål, engelsk", "Question, English"),
        _text("sql", "Spørring", "Query"),
        _NEEDS,
    ),
)
MACRO = DatasetContract(
    schema="meta",
    table="macro",
    title=nb("Funksjoner") | en("Functions"),
    about=nb("Én rad per SQL-funksjon som følger med utgaven, og form: verdi eller rader.")
    | en("One row per SQL function that the release brings, and kind: a value or rows."),
    owner=_OWNER,
    columns=(
        _text("macro", "Funksjon", "Function", key=True),
        Column(
            "kind",
            pa.string(),
            nb("Form") | en("Kind"),
            nb("SCALAR: en verdi i en kolonne. TABLE: rader etter from.")
            | en("SCALAR: a value in a column. TABLE: rows after from."),
            key=True,
        ),
        _text("signature", "Slik skrives den", "How it is written"),
        _text("returns_nb", "Gir, bokmål", "Gives, Norwegian"),
        _text("returns_en", "Gir, engelsk", "Gives, English"),
        _text("title_nb", "Tittel, bokmål", "Title, Norwegian"),
        _text("title_en", "Tittel, engelsk", "Title, English"),
        _text("about_nb", "Beskrivelse, bokmål", "Description, Norwegian"),
        _text("about_en", "Beskrivelse, engelsk", "Description, English"),
        _text("datasets", "Leser datasettene", "Reads the datasets"),
        _text("example", "Eksempel", "Example"),
        _NEEDS.but(title=nb("Filer som eksempelet trenger") | en("Files that the example needs")),
    ),
)

DATASETS = (RELEASE, DATASET, COLUMN_DEFINITION, LINEAGE, METRIC, EXAMPLE_QUERY, MACRO)
