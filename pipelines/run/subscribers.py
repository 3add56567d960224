"""Sends mail to subscribers about a release, in a process of the dashboards, which write the mails."""

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
"""How long a run waits. Unsent mail stays due. Delivery of a message in progress at the timeout is unknown."""


def tell(settings: Settings, *, dry_run: bool = False, seconds: float | None = None) -> dict[str, Any]:
    """Send due mail, or list it in a dry run. Returns the fields of `dashboards.subscriptions.sending.Sent`.

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
        # its own error text may hold an address
        raise SharingError(f"The sending stopped with exit code {done.returncode}.", "Try `dif subscribe send`.")
    answer: dict[str, Any] = json.loads(lines[-1])
    if "mend" in answer:
        error = SharingError(answer["problem"], answer["mend"])
        error.exit_code = int(answer["exit_code"])
        raise error
    return answer


def notify(settings: Settings, *, published: bool) -> str:
    """Delete expired unconfirmed subscriptions and send mail about a published release. Returns the outcome in words.

    Never raises: the release is published, and `dif subscribe send` can send the mail later.
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
    """The outcome of a sending, on one line."""
    parts = [f"{sent['sent']} of {len(sent['due'])} mails sent" if sent["due"] else "no mail is due"]
    parts += [f"{sent['refused']} refused, and due again"] if sent["refused"] else []
    parts += [f"{sent['unsure']} perhaps sent, and not sent again"] if sent["unsure"] else []
    parts += [f"{sent['barred']} without a role now"] if sent["barred"] else []
    return "; ".join(parts) + (f" ({sent['problem']})" if sent["problem"] else "")
