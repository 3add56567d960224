"""The product catalogue's ids, from the bundled facts: services, measures, price elements.

The catalogue itself is the register `product`; this module gives the vocabulary of the rules.
"""

from __future__ import annotations

from catalog.facts import read

SERVICES: tuple[str, ...] = tuple(row["service"] for row in read("product"))
"""Every service id, the 39 of the Fiks platform and external products that are shown for comparison."""
EXTERNAL_SERVICES: tuple[str, ...] = tuple(row["service"] for row in read("product") if row["external"] == "true")
"""Products of others: a comparison series, never in not-yet lists, ledgers or key figures."""
OWN_SERVICES: tuple[str, ...] = tuple(s for s in SERVICES if s not in EXTERNAL_SERVICES)
"""Our own services: those with cost, income, budgets, prices and loans."""
MEASURES: tuple[str, ...] = tuple(row["measure"] for row in read("measure"))
USE: tuple[str, ...] = tuple(row["measure"] for row in read("measure") if row["is_use"] == "true")
"""Measures that are use of a service, beside dispatches: a customer with any of them uses the service."""
FLOWS: tuple[str, ...] = tuple(row["measure"] for row in read("measure") if row["kind"] == "FLOW")
"""Measures that add up over time, beside dispatches; the others are stocks."""
ABOUT_CUSTOMERS: tuple[str, ...] = tuple(
    row["measure"] for row in read("measure") if row["is_use"] == "true" or row["kind"] == "STOCK"
)
"""What a customer does with a service or has of it; excludes what others count about it, such as support requests."""
STOCKS: tuple[str, ...] = tuple(row["measure"] for row in read("measure") if row["kind"] == "STOCK")
"""Measures of what stands, such as accounts: about customers, and their months do not add up."""
SERVICE_OF_ELEMENT: dict[str, str] = {row["price_element"]: row["service"] for row in read("price_element")}
"""The service of each price element."""
PRICE_ELEMENTS: tuple[str, ...] = tuple(SERVICE_OF_ELEMENT)
