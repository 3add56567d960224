"""A page that is drawn is a trace: the page, and each query in it, without what its reader chose."""

from __future__ import annotations

from tests.conftest import facts_of
from transport.base.settings import Settings
from transport.telemetry import traces


def test_a_page_and_its_queries_are_told_of_and_neither_the_link_nor_the_reader(
    open_at, template, listener, monkeypatch
):
    monkeypatch.setenv("DIF_TRACES_URL", listener.address)
    open_at("utbredelse", template, fylke="46", service="fiks-digisos")
    traces.flush(Settings(home=template, traces_url=listener.address))
    [page] = [s for s in listener.spans if s.name == "page"]
    queries = [s for s in listener.spans if s.parent_span_id == page.span_id]
    assert facts_of(page)["dif.page"] == "uptake"
    assert facts_of(page)["dif.rows"] == sum(facts_of(q)["dif.rows"] for q in queries) > 0
    assert "uptake/launched" in {q.name for q in queries}
    assert {facts_of(q)["dif.kind"] for q in queries} == {"query"}
    assert {name for s in (page, *queries) for name in facts_of(s)} <= {
        "dif.page",
        "dif.kind",
        "dif.rows",
        "dif.bytes",
        "thread.id",
    }
    assert not [body for _, _, body in listener.sent if b"fiks-digisos" in body or b"fylke" in body]


def test_without_a_collector_a_page_is_not_recorded(open_at, template, listener):
    open_at("utbredelse", template)
    assert listener.sent == []
