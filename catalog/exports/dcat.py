"""A release's catalogue as DCAT-AP-NO, which data portals harvest.

Every node has an IRI, so the same release gives the same text. The catalogue states only what the release, contracts
and settings say: without a licence setting it names no licence, and without an address it offers no files.

It meets versions 2 and 3 of DCAT-AP-NO and version 3 of the European DCAT-AP at once. Where they cannot all be met,
as in the type of a file's size (docs/decisions/0066-no-size-in-the-catalogue.md), the catalogue does not say it.
Version 3 of DCAT-AP-NO wants a way to reach somebody: the setting `contact` is a mail address or a page.

Source: DCAT-AP-NO 3 and 2, https://data.norge.no/specification/dcat-ap-no; DCAT-AP 3,
https://semiceu.github.io/DCAT-AP/releases/3.0.0/; names of codes from the EU's tables of authority.
"""

from __future__ import annotations

import json

from rdflib import Graph, Literal, URIRef
from rdflib.namespace import DCAT, DCTERMS, FOAF, OWL, RDF, RDFS, SKOS, XSD, Namespace

from catalog.contracts.language import FILES, PERTURBED, Audience
from catalog.domain.perturbation import METHOD
from catalog.exports.published import PUBLISHER, PUBLISHER_NUMBER, TITLE, Published, PublishedDataset
from catalog.text import Text, en, nb

_VCARD = Namespace("http://www.w3.org/2006/vcard/ns#")
_DCAT_VERSION = URIRef(f"{DCAT}version")
"""Of DCAT 3; rdflib knows the terms of DCAT 2."""
_EU = "http://publications.europa.eu/resource/authority"
"""Where the EU keeps the tables of codes that DCAT-AP-NO requires."""
_MEDIA_TYPES = "https://www.iana.org/assignments/media-types"
_DAILY_HOURS = 24

_CODES = {
    "access-right": {"PUBLIC": "public", "RESTRICTED": "restricted", "NON_PUBLIC": "non-public"},
    "country": {"NOR": "Norway"},
    "data-theme": {"GOVE": "Government and public sector"},
    "file-type": {"CSV": "CSV", "JSON": "JSON", "PARQUET": "Parquet", "XLSX": "Excel XLSX"},
    "frequency": {"DAILY": "daily"},
    "language": {"ENG": "English", "NOB": "Norwegian Bokmål"},
}
"""What the EU's tables call the codes that the catalogue uses; a licence is called by its code."""

_ABOUT = nb(
    "Datasett om bruk og utbredelse av kommunenes digitale fellestjenester, med referansedata og kvalitetskontroller."
) | en("Datasets on usage and uptake of the municipalities' shared digital services, with reference data and checks.")
_SYNTHETIC = nb(
    "Datasettet har syntetiske rader, laget av en simulator. De sier ingenting om virkelige kommuner."
) | en("The dataset has synthetic rows, made by a simulator. They say nothing about real municipalities.")
_PERTURBED = nb(f"{PERTURBED.nb} Metode: {METHOD}.") | en(f"{PERTURBED.en} Method: {METHOD}.")
_KEYWORDS = (nb("fellestjenester") | en("shared services"), nb("kommuner") | en("municipalities"))
"""Keywords of every dataset."""
SUBJECTS = {
    "reference": nb("referansedata") | en("reference data"),
    "usage": nb("bruk") | en("usage"),
    "uptake": nb("utbredelse") | en("uptake"),
    "ledger": nb("produktregnskap") | en("product ledger"),
    "quality": nb("datakvalitet") | en("data quality"),
    "meta": nb("metadata") | en("metadata"),
}
"""The keyword that a schema adds to its datasets."""
_STABLE = "releases/current/{}"
_FORMATS = {
    "parquet": ("Parquet", "PARQUET", "application/vnd.apache.parquet", f"{_STABLE}.parquet"),
    "csv": ("CSV", "CSV", "text/csv", "v1/datasets/{}?format=csv"),
    "xlsx": ("Excel", "XLSX", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", f"{_STABLE}.xlsx"),
    "json": ("JSON", "JSON", "application/json", f"{_STABLE}.json"),
}
"""The formats offered: name for people, file type of the EU, media type of IANA, and where the HTTP server has it.

The CSV is the one for programs; that of `releases/` is written for Norwegian Excel."""
_SERVICES = {
    "http": (
        nb("Datasett over HTTP") | en("Datasets over HTTP"),
        nb("Rader og hele filer, som JSON, CSV, Excel, Arrow og Parquet.")
        | en("Rows and whole files, as JSON, CSV, Excel, Arrow and Parquet."),
        "v1",
        "openapi.json",
    ),
    "share": (
        nb("Datasett med Delta Sharing") | en("Datasets by Delta Sharing"),
        nb("Tabeller for Power BI, Spark, pandas og andre som kan Delta Sharing.")
        | en("Tables for Power BI, Spark, pandas and others that know Delta Sharing."),
        "delta-sharing",
        "delta-sharing/openapi.json",
    ),
    "mcp": (
        nb("Spørsmål fra assistenter (MCP)") | en("Questions of assistants (MCP)"),
        nb("Svar på spørsmål om bruk og utbredelse, for språkmodeller som kan Model Context Protocol.")
        | en("Answers on usage and uptake, for language models that know the Model Context Protocol."),
        "mcp",
        "",
    ),
}
"""The ways to read that the HTTP server has: title, description, where it answers, and where that is described."""
SHEET_ROWS = 1_048_575
"""Rows of the largest workbook that the server makes."""


def turtle(published: Published) -> str:
    """The catalogue in Turtle; the same release gives the same text."""
    return _graph(published).serialize(format="turtle").strip() + "\n"


def json_ld(published: Published) -> str:
    """The catalogue in JSON-LD, the same statements as in Turtle; the same release gives the same text."""
    graph = json.loads(_graph(published).serialize(format="json-ld", auto_compact=True))
    return json.dumps(_ordered(graph), ensure_ascii=False, indent=1, sort_keys=True) + "\n"


def _ordered(value: object) -> object:
    """The same JSON-LD with its lists sorted: rdflib writes them in an order that changes with each process."""
    if isinstance(value, dict):
        return {key: _ordered(item) for key, item in value.items()}
    if isinstance(value, list):
        return sorted(map(_ordered, value), key=lambda item: json.dumps(item, sort_keys=True))
    return value


def _graph(published: Published) -> Graph:
    graph = Graph(bind_namespaces="none")
    for prefix, namespace in (
        ("dcat", DCAT),
        ("dct", DCTERMS),
        ("foaf", FOAF),
        ("owl", OWL),
        ("rdfs", RDFS),
        ("skos", SKOS),
        ("vcard", _VCARD),
        ("xsd", XSD),
    ):
        graph.bind(prefix, namespace)
    catalog, publisher = _iri(published, "catalog"), _iri(published, "publisher")
    graph.add((catalog, RDF.type, DCAT.Catalog))
    graph.add((catalog, DCTERMS.identifier, Literal(str(catalog))))
    _say(graph, catalog, DCTERMS.title, TITLE)
    _say(graph, catalog, DCTERMS.description, _ABOUT)
    graph.add((catalog, DCTERMS.publisher, publisher))
    graph.add((catalog, DCAT.contactPoint, _iri(published, "contact")))
    for language in ("NOB", "ENG"):
        graph.add((catalog, DCTERMS.language, _code(graph, "language", language)))
    graph.add((catalog, DCTERMS.modified, Literal(published.published_at)))
    _version(graph, catalog, published.release)
    graph.add((publisher, RDF.type, FOAF.Agent))
    graph.add((publisher, FOAF.name, Literal(PUBLISHER, lang="nb")))
    graph.add((publisher, DCTERMS.identifier, Literal(PUBLISHER_NUMBER)))
    _add_contact(graph, published)
    for dataset in published.datasets:
        if dataset.contract.audience is not Audience.INTERNAL:
            graph.add((catalog, DCAT.dataset, _add_dataset(graph, published, dataset)))
    for service in _SERVICES if published.address else ():
        graph.add((catalog, DCAT.service, _add_service(graph, published, service)))
    return graph


def _add_service(graph: Graph, published: Published, service: str) -> URIRef:
    title, about, at, described_at = _SERVICES[service]
    node = _iri(published, "service", service)
    graph.add((node, RDF.type, DCAT.DataService))
    graph.add((node, DCTERMS.identifier, Literal(str(node))))
    _say(graph, node, DCTERMS.title, title)
    _say(graph, node, DCTERMS.description, about)
    graph.add((node, DCAT.endpointURL, URIRef(f"{published.address}/{at}")))
    if described_at:
        graph.add((node, DCAT.endpointDescription, URIRef(f"{published.address}/{described_at}")))
    graph.add((node, DCTERMS.publisher, _iri(published, "publisher")))
    graph.add((node, DCAT.contactPoint, _iri(published, "contact")))
    graph.add(
        (node, DCTERMS.accessRights, _code(graph, "access-right", "PUBLIC" if published.open_access else "RESTRICTED"))
    )
    for dataset in published.datasets:
        if dataset.contract.audience in FILES:
            graph.add((node, DCAT.servesDataset, _iri(published, dataset.contract.name)))
    return node


def _add_contact(graph: Graph, published: Published) -> None:
    contact = _iri(published, "contact")
    graph.add((contact, RDF.type, _VCARD.Organization))
    graph.add((contact, _VCARD.fn, Literal(PUBLISHER, lang="nb")))
    if published.mail:
        graph.add((contact, _VCARD.hasEmail, URIRef(f"mailto:{published.mail}")))
    if published.page:
        graph.add((contact, _VCARD.hasURL, URIRef(published.page)))


def _add_dataset(graph: Graph, published: Published, dataset: PublishedDataset) -> URIRef:
    contract = dataset.contract
    node = _iri(published, contract.name)
    graph.add((node, RDF.type, DCAT.Dataset))
    graph.add((node, DCTERMS.identifier, Literal(contract.name)))
    _say(graph, node, DCTERMS.title, contract.title)
    _say(graph, node, DCTERMS.description, contract.about)
    for keyword in (*_KEYWORDS, SUBJECTS[contract.schema]):
        _say(graph, node, DCAT.keyword, keyword)
    graph.add((node, DCTERMS.publisher, _iri(published, "publisher")))
    graph.add((node, DCAT.contactPoint, _iri(published, "contact")))
    graph.add((node, DCTERMS.accessRights, _code(graph, "access-right", published.access_of(dataset))))
    graph.add((node, DCAT.theme, _code(graph, "data-theme", "GOVE")))
    graph.add((node, DCTERMS.spatial, _code(graph, "country", "NOR")))
    if contract.freshness_hours == _DAILY_HOURS:
        graph.add((node, DCTERMS.accrualPeriodicity, _code(graph, "frequency", "DAILY")))
    if dataset.issued:
        graph.add((node, DCTERMS.issued, Literal(dataset.issued)))
    graph.add((node, DCTERMS.modified, Literal(published.published_at)))
    _version(graph, node, str(contract.version))
    _add_months(graph, published, dataset)
    if dataset.synthetic:
        _add_provenance(graph, node, _iri(published, contract.name, "provenance"), _SYNTHETIC)
    if any(column.perturbed for column in contract.columns):
        _add_provenance(graph, node, _iri(published, contract.name, "perturbation"), _PERTURBED)
    # HTTP never serves the audiences that have no database in the release
    if published.address and contract.audience in FILES:
        for form in _FORMATS:
            if form == "xlsx" and dataset.rows > SHEET_ROWS:
                continue
            graph.add((node, DCAT.distribution, _add_distribution(graph, published, dataset, form)))
    return node


def _add_provenance(graph: Graph, node: URIRef, provenance: URIRef, says: Text) -> None:
    graph.add((node, DCTERMS.provenance, provenance))
    graph.add((provenance, RDF.type, DCTERMS.ProvenanceStatement))
    _say(graph, provenance, RDFS.label, says)


def _add_months(graph: Graph, published: Published, dataset: PublishedDataset) -> None:
    """The period, from the first day of the first month to the last day of the last month."""
    if dataset.first_month is None or dataset.last_day is None:
        return
    period = _iri(published, dataset.contract.name, "period")
    graph.add((_iri(published, dataset.contract.name), DCTERMS.temporal, period))
    graph.add((period, RDF.type, DCTERMS.PeriodOfTime))
    graph.add((period, DCAT.startDate, Literal(dataset.first_month)))
    graph.add((period, DCAT.endDate, Literal(dataset.last_day)))


def _add_distribution(graph: Graph, published: Published, dataset: PublishedDataset, form: str) -> URIRef:
    contract = dataset.contract
    node, url = _iri(published, contract.name, form), f"{published.address}/v1/datasets/{contract.name}"
    called, file_type, media_type, place = _FORMATS[form]
    graph.add((node, RDF.type, DCAT.Distribution))
    _say(graph, node, DCTERMS.title, nb(f"{contract.title.nb} ({called})") | en(f"{contract.title.en} ({called})"))
    graph.add((node, DCAT.accessURL, URIRef(url)))
    graph.add((node, DCAT.downloadURL, URIRef(f"{published.address}/{place.format(contract.name)}")))
    graph.add((node, DCTERMS["format"], _code(graph, "file-type", file_type)))
    graph.add((node, DCAT.mediaType, URIRef(f"{_MEDIA_TYPES}/{media_type}")))
    graph.add((node, DCTERMS.modified, Literal(published.published_at)))
    if published.licence and contract.audience is Audience.OPEN:
        graph.add((node, DCTERMS.license, _licence(graph, published.licence)))
    return node


def _licence(graph: Graph, licence: str) -> URIRef:
    table, _, code = licence.rpartition("/")
    return _code(graph, "licence", code) if table == f"{_EU}/licence" else URIRef(licence)


def _code(graph: Graph, table: str, code: str) -> URIRef:
    """A code of one of the EU's tables. The graph names it and its table, so a validator need not fetch them."""
    node = URIRef(f"{_EU}/{table}/{code}")
    graph.add((node, SKOS.prefLabel, Literal(_CODES.get(table, {}).get(code, code), lang="en")))
    graph.add((node, RDF.type, SKOS.Concept))
    graph.add((node, SKOS.inScheme, URIRef(f"{_EU}/{table}")))
    return node


def _iri(published: Published, *parts: str) -> URIRef:
    """The IRI of a described thing: a fragment of the catalogue's address, or a URN where there is no address."""
    if published.address:
        return URIRef(f"{published.address}/catalog.ttl#{'/'.join(parts)}")
    return URIRef(f"urn:dif:{':'.join(parts)}")


def _say(graph: Graph, node: URIRef, predicate: URIRef, text: Text) -> None:
    graph.add((node, predicate, Literal(text.nb, lang="nb")))
    graph.add((node, predicate, Literal(text.en, lang="en")))


def _version(graph: Graph, node: URIRef, version: str) -> None:
    """The version under two names: DCAT 3 has its own, DCAT-AP-NO 2 borrows that of OWL."""
    graph.add((node, _DCAT_VERSION, Literal(version)))
    graph.add((node, OWL.versionInfo, Literal(version)))
