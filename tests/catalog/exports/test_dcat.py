"""The catalogue of a release is DCAT-AP-NO by the official shapes, says the same in both forms, and invents nothing."""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from rdflib import RDF, XSD, BNode, Graph, Literal, Namespace, URIRef
from rdflib.compare import isomorphic
from rdflib.namespace import DCAT, DCTERMS, FOAF

from catalog.contracts.language import Audience
from catalog.exports import dcat
from catalog.exports.published import File, Published, PublishedDataset
from catalog.tables.datasets import DATASETS
from tests.thorough import some
from transport.base.spreadsheets import MOST_ROWS
from transport.releases.files import FORMS

VENDOR = Path(__file__).parents[4] / "shared" / "vendor"
SHAPES = {
    "2": ("dcat-ap-no_shacl_2.00.ttl",),
    "EU 3": ("dcat-ap-3/shapes.ttl",),
    "3": ("dcatapno3-core-shapes.ttl", "dcatapno3-range-shapes.ttl"),  # as they are called at Digdir
}
VERSIONS = pytest.mark.parametrize("version", list(SHAPES))
A_VERSION = pytest.mark.parametrize("version", some(SHAPES, 1, "every version judges everything that there is"))
EU = "http://publications.europa.eu/resource/authority"
SH = Namespace("http://www.w3.org/ns/shacl#")
VCARD = Namespace("http://www.w3.org/2006/vcard/ns#")
ADDRESS = "https://dif.example.no"
OPEN, LEDGER, TIMELESS = "usage.dispatch_month", "ledger.product_month", "reference.county"

FILES = tuple(File(f"parquet/{OPEN}/month=2026-0{n}-01/{n}.parquet", 1000 + n, "0" * 64) for n in (1, 2))
BARE = Published(
    release="2026-03-05.1",
    published_at=datetime(2026, 3, 5, 4, 30, tzinfo=UTC),
    datasets=(
        PublishedDataset(DATASETS[LEDGER], 12, True, None, None, ()),
        PublishedDataset(DATASETS[TIMELESS], 15, False, None, None, ()),
        PublishedDataset(DATASETS[OPEN], 40, True, date(2026, 1, 1), date(2026, 2, 1), FILES),
    ),
)
FULL = replace(BARE, address=ADDRESS, contact="data@example.no", licence=f"{EU}/licence/CC_BY_4_0")
"""As BARE, with every setting."""
EVERYTHING = replace(FULL, datasets=tuple(replace(BARE.datasets[1], contract=d) for d in DATASETS.values()))
"""Every dataset that there is."""

PRINT = f"""
from datetime import UTC, datetime
from catalog.exports import dcat
from catalog.exports.published import Published, PublishedDataset
from catalog.tables.datasets import DATASETS
datasets = tuple(PublishedDataset(DATASETS[name], 1, True, None, None, ()) for name in ({OPEN!r}, {LEDGER!r}))
told = Published("1", datetime(2026, 3, 5, tzinfo=UTC), datasets, {ADDRESS!r})
print(dcat.turtle(told), dcat.json_ld(told))
"""


def read(published: Published) -> Graph:
    return Graph().parse(data=dcat.turtle(published), format="turtle")


def node(graph: Graph, name: str) -> URIRef:
    found = graph.value(predicate=DCTERMS.identifier, object=Literal(name), any=False)
    assert isinstance(found, URIRef), name
    return found


def changed(published: Published, name: str, **changes: object) -> Published:
    """The release with another contract for one of its datasets."""
    datasets = tuple(
        replace(d, contract=replace(d.contract, **changes)) if d.contract.name == name else d
        for d in published.datasets
    )
    return replace(published, datasets=datasets)


def findings(graph: Graph, version: str = "2") -> dict[str, list[str]]:
    """What the official shapes of a version say, by severity; none of it is fetched."""
    from pyshacl import validate

    shapes = Graph()
    for file in SHAPES[version]:
        if not (VENDOR / file).exists():
            pytest.skip(f"not run: ../shared/vendor/{file} absent")
        shapes.parse(VENDOR / file, format="turtle")
    _, report, _ = validate(graph, shacl_graph=shapes, inference="none", do_owl_imports=False)
    found: dict[str, list[str]] = {}
    for result in report.objects(None, SH.result):
        severity = str(report.value(result, SH.resultSeverity)).rpartition("#")[2]
        said = f"{report.value(result, SH.focusNode)}: {report.value(result, SH.resultMessage)}"
        found.setdefault(severity, []).append(said)
    return found


def of_the_draft(said: str) -> bool:
    """Whether a finding is the draft's own fault: its shapes of 2025-01 know media types of `application/` alone, at
    another address than IANA's, which data.norge.no itself uses."""
    return "iana/media-types/application" in said


@VERSIONS
@pytest.mark.parametrize(
    "published", some([replace(EVERYTHING, open_access=True), FULL], 1, "less of the same"), ids=["everything", "full"]
)
def test_the_official_shapes_find_no_violation(published, version):
    found = findings(read(published), version).get("Violation", [])
    assert [said for said in found if version != "3" or not of_the_draft(said)] == []


@A_VERSION
def test_without_settings_the_official_shapes_miss_nothing_but_a_way_to_reach_somebody(version):
    found = findings(read(BARE), version).get("Violation", [])
    assert len(found) == (version == "3")
    assert all("hasEmail" in said for said in found)


def test_the_official_shapes_warn_of_nothing_but_an_unset_licence():
    warnings = findings(read(replace(FULL, licence=""))).get("Warning", [])
    assert all("dct:license" in warning for warning in warnings), warnings
    assert len(warnings) == 4 * len(FULL.datasets), "each distribution"


@A_VERSION
def test_the_official_shapes_find_what_is_missing(version):
    graph = read(FULL)
    graph.remove((node(graph, OPEN), DCTERMS.title, None))
    graph.set((node(graph, OPEN), DCTERMS.accessRights, URIRef(f"{ADDRESS}/secret")))
    found = findings(graph, version)["Violation"]
    violations = [said for said in found if version != "3" or not of_the_draft(said)]
    terms = ("dct:title",) if version == "EU 3" else ("dct:title", "dct:accessRights")  # it asks no table of a right
    assert len(violations) == len(terms)
    assert all(any(term in violation for violation in violations) for term in terms)


@pytest.mark.filterwarnings("ignore:ConjunctiveGraph is deprecated")  # rdflib 7.6 uses its own, to read JSON-LD
@pytest.mark.parametrize(
    "published", some([FULL, BARE, EVERYTHING], 1, "more or less of the same"), ids=["full", "bare", "everything"]
)
def test_turtle_and_json_ld_state_the_same(published):
    other = Graph().parse(data=dcat.json_ld(published), format="json-ld")
    assert len(other) > 0
    assert isomorphic(read(published), other)


def test_every_node_has_an_iri():
    assert not [term for triple in read(FULL) for term in triple if isinstance(term, BNode)]


def test_the_order_of_datasets_changes_nothing():
    turned = replace(FULL, datasets=FULL.datasets[::-1])
    assert (dcat.turtle(turned), dcat.json_ld(turned)) == (dcat.turtle(FULL), dcat.json_ld(FULL))


def test_every_process_writes_the_same_text():
    texts = {
        subprocess.run(
            [sys.executable, "-c", PRINT],
            cwd=Path(dcat.__file__).parents[2],
            env={**os.environ, "PYTHONHASHSEED": seed},
            capture_output=True,
            check=True,
        ).stdout
        for seed in ("1", "2")
    }
    assert len(texts) == 1


def test_the_catalogue_has_each_dataset_and_a_title_in_both_languages():
    graph = read(FULL)
    catalog = graph.value(predicate=RDF.type, object=DCAT.Catalog, any=False)
    assert set(graph.objects(catalog, DCAT.dataset)) == {node(graph, name) for name in (OPEN, LEDGER, TIMELESS)}
    assert {title.language for title in graph.objects(catalog, DCTERMS.title)} == {"nb", "en"}
    assert graph.value(catalog, DCTERMS.modified) == Literal(FULL.published_at)


def test_title_and_description_are_the_contracts():
    graph, contract = read(FULL), DATASETS[OPEN]
    for predicate, text in ((DCTERMS.title, contract.title), (DCTERMS.description, contract.about)):
        assert set(graph.objects(node(graph, OPEN), predicate)) == {Literal(text.nb, "nb"), Literal(text.en, "en")}


def test_an_internal_dataset_is_left_out():
    internal = changed(FULL, LEDGER, audience=Audience.INTERNAL)
    assert LEDGER in dcat.turtle(FULL)
    assert LEDGER not in dcat.turtle(internal)
    assert LEDGER not in dcat.json_ld(internal)


@pytest.mark.parametrize(
    ("audience", "open_access", "right"),
    [
        (Audience.OPEN, True, "PUBLIC"),
        (Audience.OPEN, False, "RESTRICTED"),
        (Audience.LEDGER, True, "RESTRICTED"),
        (Audience.OWN, True, "NON_PUBLIC"),
    ],
)
def test_access_rights_follow_the_audience_and_whether_anybody_may_read(audience, open_access, right):
    graph = read(replace(changed(FULL, OPEN, audience=audience), open_access=open_access))
    assert graph.value(node(graph, OPEN), DCTERMS.accessRights, any=False) == URIRef(f"{EU}/access-right/{right}")


def test_the_period_ends_on_the_last_day_of_the_last_month():
    graph = read(FULL)
    period = graph.value(node(graph, OPEN), DCTERMS.temporal, any=False)
    assert graph.value(period, DCAT.startDate) == Literal("2026-01-01", datatype=XSD.date)
    assert graph.value(period, DCAT.endDate) == Literal("2026-02-28", datatype=XSD.date)


def test_a_dataset_without_months_has_no_period():
    graph = read(FULL)
    assert graph.value(node(graph, TIMELESS), DCTERMS.temporal) is None


def test_each_way_to_read_is_a_service_of_what_it_serves_and_the_publisher_has_its_number():
    graph = read(FULL)
    services = set(graph.subjects(RDF.type, DCAT.DataService))
    at = {str(graph.value(service, DCAT.endpointURL)).removeprefix(ADDRESS) for service in services}
    assert at == {"/v1", "/delta-sharing", "/mcp"}
    for service in services:
        assert {*graph.objects(service, DCAT.servesDataset)} == {node(graph, name) for name in (OPEN, LEDGER, TIMELESS)}
    publisher = graph.value(predicate=RDF.type, object=FOAF.Agent, any=False)
    assert graph.value(publisher, DCTERMS.identifier) == Literal("931796003")
    assert not list(read(BARE).subjects(RDF.type, DCAT.DataService)), "without an address nobody can call"


def test_a_dataset_is_issued_on_the_day_of_its_first_release_where_that_is_known():
    known = replace(BARE, datasets=tuple(replace(d, issued=date(2026, 1, 12)) for d in BARE.datasets))
    assert read(known).value(node(read(known), OPEN), DCTERMS.issued) == Literal("2026-01-12", datatype=XSD.date)
    assert read(BARE).value(node(read(BARE), OPEN), DCTERMS.issued) is None


def test_only_what_is_renewed_each_day_is_called_daily():
    graph = read(FULL)
    often = {name: graph.value(node(graph, name), DCTERMS.accrualPeriodicity) for name in (OPEN, TIMELESS)}
    assert often == {OPEN: URIRef(f"{EU}/frequency/DAILY"), TIMELESS: None}


def test_only_a_dataset_with_synthetic_rows_says_so():
    graph = read(FULL)
    assert graph.value(node(graph, OPEN), DCTERMS.provenance) is not None
    assert graph.value(node(graph, TIMELESS), DCTERMS.provenance) is None


def test_every_form_is_fetched_from_an_address_that_lasts_and_a_workbook_only_where_one_can_be_made():
    graph = read(FULL)
    offered = {
        str(graph.value(each, DCAT.downloadURL)): (
            str(graph.value(each, DCAT.accessURL)),
            str(graph.value(each, DCTERMS["format"])),
            str(graph.value(each, DCAT.mediaType)),
        )
        for each in graph.objects(node(graph, OPEN), DCAT.distribution)
    }
    lasts = f"{ADDRESS}/releases/current/{OPEN}"
    url, types = f"{ADDRESS}/v1/datasets/{OPEN}", "https://www.iana.org/assignments/media-types"
    assert offered == {
        f"{lasts}.parquet": (url, f"{EU}/file-type/PARQUET", f"{types}/application/vnd.apache.parquet"),
        f"{url}?format=csv": (url, f"{EU}/file-type/CSV", f"{types}/text/csv"),
        f"{lasts}.xlsx": (url, f"{EU}/file-type/XLSX", f"{types}/{FORMS['xlsx']}"),
        f"{lasts}.json": (url, f"{EU}/file-type/JSON", f"{types}/application/json"),
    }
    assert dcat.SHEET_ROWS == MOST_ROWS
    large = replace(FULL, datasets=tuple(replace(d, rows=MOST_ROWS + 1) for d in FULL.datasets))
    assert "xlsx" not in dcat.turtle(large)


def test_no_distribution_is_offered_of_what_http_never_serves():
    graph = read(changed(FULL, OPEN, audience=Audience.OWN))
    assert graph.value(node(graph, OPEN), DCAT.distribution) is None


def test_without_settings_nothing_is_made_up():
    graph, text = read(BARE), dcat.turtle(BARE)
    for predicate in (DCAT.distribution, DCTERMS.license, VCARD.hasEmail):
        assert (None, predicate, None) not in graph, predicate
    assert node(graph, OPEN) == URIRef(f"urn:dif:{OPEN}")
    assert "example" not in text


def test_the_licence_is_that_of_open_datasets_only():
    graph = read(FULL)
    licences = {
        name: {graph.value(each, DCTERMS.license) for each in graph.objects(node(graph, name), DCAT.distribution)}
        for name in (OPEN, LEDGER)
    }
    assert licences == {OPEN: {URIRef(FULL.licence)}, LEDGER: {None}}
    assert (None, DCTERMS.license, None) not in read(replace(FULL, licence=""))


@pytest.mark.parametrize(
    ("contact", "mail"),
    [
        ("data@example.no", URIRef("mailto:data@example.no")),
        ("Datatorget, first floor", None),
        ("https://example.no/contact", None),
        ("two@example.no, more@example.no", None),
        ("", None),
    ],
)
def test_only_a_mail_address_or_a_page_is_given_as_one(contact, mail):
    graph = read(replace(FULL, contact=contact))
    point = graph.value(node(graph, OPEN), DCAT.contactPoint, any=False)
    assert graph.value(point, VCARD.fn) is not None
    assert graph.value(point, VCARD.hasEmail) == mail
    assert graph.value(point, VCARD.hasURL) == (URIRef(contact) if contact.startswith("https:") else None)
    assert set(graph.subjects(DCAT.contactPoint, point)) > set(graph.subjects(RDF.type, DCAT.Catalog))


def test_every_schema_has_its_keyword():
    assert set(dcat.SUBJECTS) == {contract.schema for contract in DATASETS.values()}
