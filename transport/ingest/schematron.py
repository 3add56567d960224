"""Judges a document by official Schematron rules: they become XSLT, which Saxon runs.

Only what the published rules use is translated: namespaces, variables, functions, patterns, rules and asserts. The
rules themselves are other people's files, read from a folder, and not part of the product.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from lxml import etree

from catalog.errors import WrongUse

if TYPE_CHECKING:
    from transport.ingest.opened_file import Element

_SCH = "{http://purl.oclc.org/dsdl/schematron}"
_XSL = "{http://www.w3.org/1999/XSL/Transform}"
_NAMES = {"xsl": _XSL[1:-1], "xs": "http://www.w3.org/2001/XMLSchema"}
_PLACE = "string-join(ancestor-or-self::*/string(count(preceding-sibling::*)), ' ')"
"""Where an element is: the count of elements before it, from the root down."""


@dataclass(frozen=True, slots=True)
class Broken:
    """A rule that a document breaks.

    Attributes:
        rule: the rule's id.
        fatal: the document is invalid by it; otherwise it is a warning.
        says: the rule's own text.
        element: the element's name.
        line: where it is.
    """

    rule: str
    fatal: bool
    says: str
    element: str
    line: int


def broken(document: Element, rules: Path) -> list[Broken]:
    """The rules of one file that a document breaks, in the document's order.

    Args:
        document: its root, read without any entity.
        rules: the Schematron file, with queries in XPath 2.

    Raises:
        WrongUse: the rules cannot be read.
    """
    from saxonche import PySaxonApiError

    try:
        processor, judge = _compiled(rules, rules.stat().st_mtime_ns)
        node = processor.parse_xml(xml_text=etree.tostring(document, encoding="unicode"))
        report = judge.transform_to_string(xdm_node=node)
    except (OSError, etree.XMLSyntaxError, PySaxonApiError) as problem:
        raise WrongUse(
            f"Reglene i {rules.name} kan ikke brukes: {str(problem)[:200]}.", "Hent filen på nytt fra utgiveren."
        ) from None
    faults = [_broken(document, element) for element in etree.fromstring(report.encode())]
    return sorted(faults, key=lambda fault: (fault.line, fault.rule))


def _broken(document: Element, element_found: Element) -> Broken:
    element = document
    for before in (element_found.get("place") or "").split()[1:]:
        element = element[int(before)]
    words = " ".join("".join(str(text) for text in element_found.itertext()).split()).removeprefix(
        f"[{element_found.get('rule')}]-"
    )
    name = etree.QName(element).localname
    return Broken(
        element_found.get("rule") or "",
        element_found.get("flag") != "warning",
        words,
        name,
        int(element.sourceline or 0),
    )


@cache
def _compiled(rules: Path, _changed: int):  # type: ignore[no-untyped-def]  # noqa: ANN202 - saxonche has no types
    """The processor and the compiled rules, once a process: it takes a second."""
    from saxonche import PySaxonProcessor

    processor = PySaxonProcessor(license=False)
    sheet = etree.tostring(stylesheet(etree.parse(rules).getroot()), encoding="unicode")
    return processor, processor.new_xslt30_processor().compile_stylesheet(stylesheet_text=sheet)


def stylesheet(schema: Element) -> Element:
    """Schematron as a stylesheet that lists each failed assert as `<broken rule flag place>`.

    Each pattern is a mode that visits every node, in which the first rule that matches is the one that counts.
    """
    names = dict(_NAMES) | {str(ns.get("prefix")): str(ns.get("uri")) for ns in schema.iter(f"{_SCH}ns")}
    sheet = etree.Element(f"{_XSL}stylesheet", {"version": "3.0"}, nsmap=names)
    etree.SubElement(sheet, f"{_XSL}output", {"omit-xml-declaration": "yes"})
    for child in schema:
        if child.tag == f"{_SCH}let":
            _variable(sheet, child)
        elif child.tag == f"{_XSL}function":
            sheet.append(etree.fromstring(etree.tostring(child, with_tail=False)))
    patterns = list(schema.iter(f"{_SCH}pattern"))
    start = etree.SubElement(sheet, f"{_XSL}template", {"match": "/"})
    everything = etree.SubElement(start, "all")
    for number, pattern in enumerate(patterns):
        mode = f"pattern-{number}"
        etree.SubElement(sheet, f"{_XSL}mode", {"name": mode, "on-no-match": "shallow-skip"})
        etree.SubElement(everything, f"{_XSL}apply-templates", {"select": "/", "mode": mode})
        rules = pattern.findall(f"{_SCH}rule")
        for let in pattern.findall(f"{_SCH}let"):
            _variable(sheet, let)  # no two patterns of these rules use one name for two things
        for place, rule in enumerate(rules):
            _rule(sheet, rule, mode, len(rules) - place)
    return sheet


def _rule(sheet: Element, rule: Element, mode: str, priority: int) -> None:
    template = etree.SubElement(
        sheet, f"{_XSL}template", {"match": str(rule.get("context")), "mode": mode, "priority": str(priority)}
    )
    for let in rule.findall(f"{_SCH}let"):
        _variable(template, let)
    for check in rule.findall(f"{_SCH}assert"):
        fails = etree.SubElement(template, f"{_XSL}if", {"test": f"not({check.get('test')})"})
        broken_element = etree.SubElement(
            fails, "broken", {"rule": str(check.get("id")), "flag": str(check.get("flag"))}
        )
        etree.SubElement(broken_element, f"{_XSL}attribute", {"name": "place", "select": _PLACE})
        etree.SubElement(broken_element, f"{_XSL}text").text = "".join(str(text) for text in check.itertext())
    etree.SubElement(template, f"{_XSL}apply-templates", {"select": "node()", "mode": mode})


def _variable(parent: Element, let: Element) -> None:
    etree.SubElement(parent, f"{_XSL}variable", {"name": str(let.get("name")), "select": str(let.get("value"))})
