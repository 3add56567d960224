from __future__ import annotations

import asyncio

import pytest
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.runtime.app_session import AppSession
from streamlit.runtime.forward_msg_queue import ForwardMsgQueue

from dashboards.server import buffering


class Session(AppSession):
    """A session of Streamlit's, as far as it keeps what is to be sent and says that there is something."""

    def __init__(self) -> None:
        self._browser_queue, self.asked = ForwardMsgQueue(), asyncio.Event()
        self._message_enqueued_callback = self.asked.set

    def __del__(self) -> None:
        """It has nothing to shut down."""


@pytest.fixture
def session(monkeypatch):
    monkeypatch.setattr(AppSession, "flush_browser_queue", AppSession.flush_browser_queue)
    buffering.buffer()
    return Session()


@pytest.fixture
def drew(session):
    """The same, in a tab that has a page."""
    put(session, ENDED)
    session.flush_browser_queue()
    return session


def drawn(text: str, *place: int) -> ForwardMsg:
    message = ForwardMsg()
    message.delta.new_element.html.body = text
    message.metadata.delta_path.extend([0, *place])
    return message


ENDED = ForwardMsg(script_finished=ForwardMsg.FINISHED_SUCCESSFULLY)
BEGAN = ForwardMsg()
BEGAN.new_session.name = "page"


def put(session, *messages) -> None:
    for message in messages:
        session._browser_queue.enqueue(message)  # noqa: SLF001 - as Streamlit does


def texts(messages) -> list[str]:
    return [one.delta.new_element.html.body or one.WhichOneof("type") for one in messages]


def test_the_first_run_of_a_tab_is_sent_as_it_is_drawn(session):
    put(session, BEGAN, drawn("title", 0))
    assert texts(session.flush_browser_queue()) == ["new_session", "title"]


def test_what_a_run_draws_is_sent_when_the_run_ends_and_its_begin_at_once(drew):
    async def run():
        put(drew, BEGAN)
        assert texts(drew.flush_browser_queue()) == ["new_session"]
        put(drew, drawn("title", 0))
        assert drew.flush_browser_queue() == []
        put(drew, drawn("chart", 1))
        assert drew.flush_browser_queue() == []
        put(drew, ENDED)
        assert texts(drew.flush_browser_queue()) == ["title", "chart", "script_finished"]
        put(drew, drawn("the next run", 0))  # waits anew
        assert drew.flush_browser_queue() == []

    asyncio.run(run())


def test_a_long_run_is_seen_in_parts_also_when_it_draws_nothing_more(drew):
    async def run():
        put(drew, drawn("title", 0))
        assert drew.flush_browser_queue() == []
        await asyncio.wait_for(drew.asked.wait(), 20)
        assert texts(drew.flush_browser_queue()) == ["title"]
        put(drew, drawn("after a long query", 1))
        assert drew.flush_browser_queue() == []

    asyncio.run(run())


def test_what_a_place_held_for_a_moment_is_never_sent(drew):
    async def run():
        put(drew, drawn("until it is known", 0), drawn("known", 0))
        assert drew.flush_browser_queue() == []
        put(drew, ENDED)
        assert texts(drew.flush_browser_queue()) == ["known", "script_finished"]

    asyncio.run(run())


def test_a_session_that_is_shut_down_is_not_asked(drew):
    async def run():
        put(drew, drawn("title", 0))
        drew.flush_browser_queue()
        drew._message_enqueued_callback = None  # noqa: SLF001
        await asyncio.sleep(2 * buffering.MOST_SECONDS)

    asyncio.run(run(), debug=True)
