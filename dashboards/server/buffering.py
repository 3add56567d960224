"""What a run of a page draws is sent together, where it is drawn soon enough.

Streamlit sends what there is every few milliseconds. The browser's program draws what has come, then goes through the
whole page again for the rest: of a changed filter, such passes were a sixth of the tab's time and a tenth of the wait.
A tab's first run is sent as it is drawn: there is nothing to go through yet.
"""

from __future__ import annotations

import asyncio
import time
from functools import partial
from typing import TYPE_CHECKING, Final
from weakref import WeakKeyDictionary, WeakSet

from streamlit.runtime.app_session import AppSession

if TYPE_CHECKING:
    from collections.abc import Callable

    from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

MOST_SECONDS: Final = 0.15
"""The longest that something drawn waits for the rest of its run. Most runs take less; longer ones appear in parts."""


def buffer() -> None:
    """Send what a run draws together, in all sessions of this process.

    Streamlit has no setting for it, so replace what its sessions give to be sent. That a run has begun is still told at
    once: the browser goes through the page for it while the run draws.
    """
    AppSession.flush_browser_queue = _buffered(AppSession.flush_browser_queue)  # type: ignore[assignment, method-assign]


def _buffered(flush: Callable[[AppSession], list[ForwardMsg]]) -> Callable[[AppSession], list[ForwardMsg]]:
    waiting: WeakKeyDictionary[AppSession, float] = WeakKeyDictionary()
    """Since when a session's first unsent piece waits."""
    drawn: WeakSet[AppSession] = WeakSet()
    """Sessions with a page."""

    def flush_browser_queue(session: AppSession) -> list[ForwardMsg]:
        kinds = {message.WhichOneof("type") for message in session._browser_queue._queue}  # noqa: SLF001
        if "script_finished" in kinds:
            drawn.add(session)
        elif "delta" in kinds and session in drawn:
            now = time.monotonic()
            if session not in waiting:
                waiting[session] = now
                asyncio.get_running_loop().call_later(MOST_SECONDS, partial(_wake, session))
            if now - waiting[session] < MOST_SECONDS - 0.005:  # the loop's clock may be a little ahead
                return []
        waiting.pop(session, None)
        return flush(session)

    return flush_browser_queue


def _wake(session: AppSession) -> None:
    """Have the session's messages asked for again: a run that draws nothing more for long would hold them back."""
    if session._message_enqueued_callback is not None:  # noqa: SLF001 - none once it is shut down
        session._message_enqueued_callback()  # noqa: SLF001
