"""Tells subscribers of a release by mail, in the dashboards' process, which knows what a mail says."""

from __future__ import annotations

import json
import subprocess
import sys
from typing import Any

from catalog.errors import SharingError
from transport.base.settings import PROJECT, Settings, environment
from transport.operations import mail
from transport.operations.subscriptions import Subscriptions
from transport.storage import landing

_SECONDS = 300
"""How long a run waits. What is not sent by then is due again; of the mail that was under way nobody knows."""


def tell(settings: Settings, *, dry_run: bool = False, seconds: float | None = None) -> dict[str, Any]:
    """Send what is due, or only say what is; how it went, as `dashboards.subscriptions.sending.Sent`.

    Raises:
        SharingError: nothing could be sent; the error says why.
    """
    argv = [sys.executable, "-P", "-m", "dashboards.subscriptions", "--home", str(settings.home)]
    argv += ["--dry-run"] if dry_run else []
    # it starts in our folder, to read the same `dif.toml`; PYTHONPATH finds the code
    own = environment({"PYTHONPATH": str(PROJECT)})
    done = subprocess.run(argv, capture_output=True, text=True, check=False, env=own, timeout=seconds)
    lines = done.stdout.splitlines()
    if not lines:
        # what it wrote of its end may hold an address
        raise SharingError(f"The sending stopped with exit code {done.returncode}.", "Try `dif subscribe send`.")
    answer: dict[str, Any] = json.loads(lines[-1])
    if "mend" in answer:
        error = SharingError(answer["problem"], answer["mend"])
        error.exit_code = int(answer["exit_code"])
        raise error
    return answer


def told(settings: Settings, *, published: bool) -> str:
    """End a run for subscribers: delete what nobody confirmed in time, and tell of what was published; in words.

    Never raises: the release is published, whether subscribers hear of it now or by the next `dif subscribe send`.
    """
    try:
        register = Subscriptions(settings)
        register.sweep(now=landing.utc_now())
        if not published or not mail.is_set(settings) or not any(s.confirmed for s in register.all()):
            return ""
        return in_words(tell(settings, seconds=_SECONDS))
    except SharingError as problem:
        return f"no mail was sent: {problem.problem}"
    except Exception as problem:  # noqa: BLE001 - no fault of a mail may fail a run
        return f"not every mail was sent ({type(problem).__name__}); `dif subscribe send` sends the rest"


def in_words(sent: dict[str, Any]) -> str:
    """How a sending went, on one line."""
    parts = [f"{sent['sent']} of {len(sent['due'])} mails sent" if sent["due"] else "no mail is due"]
    parts += [f"{sent['refused']} refused, and due again"] if sent["refused"] else []
    parts += [f"{sent['unsure']} perhaps sent, and not sent again"] if sent["unsure"] else []
    parts += [f"{sent['barred']} without a role now"] if sent["barred"] else []
    return "; ".join(parts) + (f" ({sent['problem']})" if sent["problem"] else "")
