"""Meta: what a release holds, in words an analyst can query. Generated from the contracts."""

from __future__ import annotations

from catalog.contracts import columns as c
from catalog.contracts import rules as r
from catalog.contracts.language import DatasetContract
from catalog.text import en, nb

RELEASE = DatasetContract(
    schema="meta",
    table="release",
    title=nb("Denne utgaven") | en("This release"),
    about=nb("Én rad.") | en("One row."),
    columns=(
        c.text("release", "Utgave", "Release", key=True),
        c.text("parent", "Forrige utgave", "Parent", null=True),
        c.timestamp("published_at", "Publisert", "Published at"),
        c.timestamp("as_of", "Som kjent", "As of"),
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
    columns=(
        c.text("dataset", "Datasett", "Dataset", key=True),
        c.text("title_nb", "Tittel, bokmål", "Title, Norwegian"),
        c.text("title_en", "Tittel, engelsk", "Title, English"),
        c.text("about_nb", "Beskrivelse, bokmål", "Description, Norwegian"),
        c.text("about_en", "Beskrivelse, engelsk", "Description, English"),
        c.text("owner", "Eier", "Owner"),
        c.text("audience", "Hvem som kan lese", "Audience"),
        c.text("sources", "Kilder", "Sources", null=True),
        c.int32("freshness_hours", "Skal oppdateres innen", "Freshness", "timer"),
        c.int32("contract_version", "Kontraktens utgave", "Contract version"),
        c.date("deprecated_until", "Gjelder til og med", "Holds through", null=True).explained(
            "Siste dag datasettet publiseres i denne formen. Tom når det ikke skal endres eller utgå.",
            "The last day the dataset is published in this form. Null if no change or end is planned.",
        ),
        c.text("successor", "Erstattes av", "Replaced by", null=True),
        c.count("rows", "Rader", "Rows", "rader", null=True).explained(
            "Tom for datasettene som beskriver utgaven.", "Null for the datasets that describe the release."
        ),
        c.text("content_hash", "Innholdssum", "Content hash", null=True).explained(
            "Tom for datasett som ikke alle kan lese, og for dem som beskriver utgaven.",
            "Null for datasets that not everyone may read, and for those that describe the release.",
        ),
        c.SYNTHETIC,
    ),
)
COLUMN_DEFINITION = DatasetContract(
    schema="meta",
    table="column_definition",
    title=nb("Kolonner") | en("Columns"),
    about=nb("Én rad per datasett og kolonne.") | en("One row per dataset and column."),
    version=2,
    replaces_at_once="Its column counts_persons told of a rule that is gone.",
    columns=(
        c.text("dataset", "Datasett", "Dataset", key=True),
        c.text("column_name", "Kolonne", "Column", key=True),
        c.int32("position", "Plass", "Position"),
        c.text("type", "Type", "Type"),
        c.text("unit", "Enhet", "Unit", null=True),
        c.flag("is_key", "Del av nøkkelen", "Part of the key"),
        c.flag("may_be_null", "Kan mangle", "May be missing"),
        c.text("title_nb", "Tittel, bokmål", "Title, Norwegian"),
        c.text("title_en", "Tittel, engelsk", "Title, English"),
        c.text("about_nb", "Beskrivelse, bokmål", "Description, Norwegian"),
        c.text("about_en", "Beskrivelse, engelsk", "Description, English"),
        c.text("source", "Kilde", "Source", null=True),
        c.text("additivity", "Kan summeres", "Additivity", null=True),
        c.text("one_at_a_time", "Summer innen én verdi av", "Sum within one value of", null=True).explained(
            "Kolonner i nøkkelen, skilt med komma, der en annen verdi gjentar de samme tallene. Tom hvis "
            "kolonnen kan summeres over hele nøkkelen eller ikke kan summeres.",
            "Key columns, separated by commas, where another value repeats the same figures. Null if the "
            "column may be summed over the whole key or not at all.",
        ),
        c.text("perturbation", "Endret tilfeldig", "Changed at random", null=True).explained(
            "Metoden, når noen av kolonnens tall er endret tilfeldig av hensyn til personvernet, med største "
            "endring D, varians V og js (1 til js publiseres ikke). Tom ellers.",
            "The method, where some of the column's figures are changed at random for privacy, with the largest "
            "change D, the variance V and js (1 to js are not published). Null otherwise.",
        ),
    ),
)
LINEAGE_KINDS = ("DATASET", "STREAM", "REGISTER")
LINEAGE = DatasetContract(
    schema="meta",
    table="lineage",
    title=nb("Hva datasettene er laget av") | en("What datasets are made of"),
    about=nb(
        "Én rad per datasett og det nærmeste det er laget av: et annet datasett i utgaven, en strøm "
        "eller et register. Mellomresultater er utelatt."
    )
    | en(
        "One row per dataset and the nearest it is made of: another dataset of the release, a stream or "
        "a register. Intermediate results are left out."
    ),
    columns=(
        c.text("dataset", "Datasett", "Dataset", key=True),
        c.text("kind", "Slag", "Kind", key=True).explained(
            "DATASET, STREAM (strøm) eller REGISTER.", "DATASET, STREAM or REGISTER."
        ),
        c.text("made_of", "Laget av", "Made of", key=True),
    ),
    rules=(r.one_of("kind", LINEAGE_KINDS),),
)
_NEEDS = c.text("files", "Filer som spørringen trenger", "Files that the query needs").explained(
    "Filer i utgaven, skilt med komma. Åpne den første; koble den andre til som ledger.",
    "Files in the release, separated by commas. Open the first; attach the second as ledger.",
)
METRIC = DatasetContract(
    schema="meta",
    table="metric",
    title=nb("Måltall") | en("Metrics"),
    about=nb("Én rad per tall som en side viser, med definisjon og spørring.")
    | en("One row per number that a page shows, with definition and query."),
    columns=(
        c.text("metric", "Måltall", "Metric", key=True),
        c.text("title_nb", "Tittel, bokmål", "Title, Norwegian"),
        c.text("title_en", "Tittel, engelsk", "Title, English"),
        c.text("definition_nb", "Definisjon, bokmål", "Definition, Norwegian"),
        c.text("definition_en", "Definisjon, engelsk", "Definition, English"),
        c.text("unit", "Enhet", "Unit"),
        c.text("dataset", "Datasett", "Dataset"),
        c.text("sql", "Spørring", "Query"),
        _NEEDS,
    ),
)
EXAMPLE_QUERY = DatasetContract(
    schema="meta",
    table="example_query",
    title=nb("Eksempelspørringer") | en("Example queries"),
    about=nb("Én rad per spørsmål, med svar i SQL.") | en("One row per question with its answer in SQL."),
    columns=(
        c.text("question_nb", "Spørsmål, bokmål", "Question, Norwegian", key=True),
        c.text("question_en", "Spørsmål, engelsk", "Question, English"),
        c.text("sql", "Spørring", "Query"),
        _NEEDS,
    ),
)
MACRO = DatasetContract(
    schema="meta",
    table="macro",
    title=nb("Funksjoner") | en("Functions"),
    about=nb("Én rad per SQL-funksjon i utgaven og form: verdi eller rader.")
    | en("One row per SQL function in the release and kind: a value or rows."),
    columns=(
        c.text("macro", "Funksjon", "Function", key=True),
        c.text("kind", "Form", "Kind", key=True).explained(
            "SCALAR: en verdi i en kolonne. TABLE: rader etter from.",
            "SCALAR: a value in a column. TABLE: rows after from.",
        ),
        c.text("signature", "Slik skrives den", "How it is written"),
        c.text("returns_nb", "Gir, bokmål", "Gives, Norwegian"),
        c.text("returns_en", "Gir, engelsk", "Gives, English"),
        c.text("title_nb", "Tittel, bokmål", "Title, Norwegian"),
        c.text("title_en", "Tittel, engelsk", "Title, English"),
        c.text("about_nb", "Beskrivelse, bokmål", "Description, Norwegian"),
        c.text("about_en", "Beskrivelse, engelsk", "Description, English"),
        c.text("datasets", "Leser datasettene", "Reads the datasets"),
        c.text("example", "Eksempel", "Example"),
        _NEEDS.but(title=nb("Filer som eksempelet trenger") | en("Files that the example needs")),
    ),
)

DATASETS = (RELEASE, DATASET, COLUMN_DEFINITION, LINEAGE, METRIC, EXAMPLE_QUERY, MACRO)
