"""Three pages as visitors meet them: for all, of the ledger, and what each pays. Run by Streamlit, as `app.py` is.

They tell which files they would open; a refusal comes before that. Each has a file, and a part that runs by itself.
"""

from __future__ import annotations

import streamlit as st

from catalog.contracts.language import Audience
from dashboards.access import visitors
from dashboards.page import filters, layout
from dashboards.release import authorization
from dashboards.words import Words

OPEN = "select count(*) from reference.municipality"
LEDGER = "select sum(income_ore) from ledger.product_month"
OWN = "select sum(amount_ore) from ledger.invoice_basis where payer_number = $organisation"


def again(title: str) -> None:
    if st.button("Igjen"):
        st.write(f"{title} igjen")


def main() -> None:
    words = Words(filters.language(layout.parameters())[0])
    st.set_page_config(page_title="Besøk", layout="wide")
    visitor = visitors.admission(layout.given_settings())
    let_in = visitor if isinstance(visitor, authorization.Visitor) else None

    def asked(title: str, statement: str, **parameters: object) -> None:
        st.title(title)
        opened = authorization.admit(let_in, statement, parameters)
        st.write("Åpnet: " + ", ".join(sorted(opened)))
        st.code(let_in.key if let_in else "", language=None)
        page = layout.Page(None, let_in, words, {}, None, layout.given_settings())
        layout.file(page, "csv", f"{title} for noen".encode, "tall.csv")
        layout.fragment(page, again)(title)

    def entered(page) -> None:
        if visitors.entered(layout.given_settings(), words):
            visitors.corner(let_in, words)
            layout.guarded(page, words)

    def ledger() -> None:
        asked("Produktregnskap", LEDGER)

    def own() -> None:
        number = let_in.organisation if let_in else None
        asked("Min", OWN, organisation=number)

    def overview() -> None:
        asked("Oversikt", OPEN)

    def page(run, title: str, path: str, audience: Audience, *, default: bool = False):
        shown = let_in is not None and let_in.may_read(audience)
        return st.Page(
            lambda: entered(run),
            title=title,
            url_path=path,
            default=default,
            visibility="visible" if shown else "hidden",
        )

    st.navigation(
        [
            page(overview, "Oversikt", "oversikt", Audience.OPEN, default=True),
            page(ledger, "Produktregnskap", "produktregnskap", Audience.LEDGER),
            page(own, "Min", "min", Audience.OWN),
        ]
    ).run()


main()
