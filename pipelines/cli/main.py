"""`dif`: the command line. Names and help only; a command's code is loaded when it is called.

Results go to stdout, progress and logs to stderr. Exit 0 done, 1 failed, 2 wrong use.
"""

from __future__ import annotations

import atexit
import gc
import os
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

from cyclopts import App, CycloptsError

from catalog.version import VERSION, whole_version

# Of a run's processor seconds a tenth went into looking for garbage among what stays as long as the process does:
# modules, and Dagster's graph. At the end nothing is worth looking for.
gc.set_threshold(10_000)
atexit.register(gc.freeze)

COMMANDS: Mapping[str, tuple[str, str]] = {
    "run": ("run:run", "Take in waiting files, rebuild what they affect, check it and publish a release."),
    "demo": ("run:demo", "Land the bundled real records and synthetic years once, then run."),
    "rebuild": ("run:rebuild", "Rebuild everything from the landing and compare it with the current release."),
    "simulate": ("simulate:simulate", "Make synthetic national traffic as batch files, marked synthetic."),
    "sql": ("look:sql", 'Query the current release in SQL, read-only: dif sql "from uptake.funnel limit 5"'),
    "status": ("look:status", "Show the state of the platform on one screen."),
    "price": ("price:price", "What a service must cost next year: calculate, what if, save, decide."),
    "doctor": ("care:doctor", "Find what is wrong and how to fix it; --mend fixes it."),
    "first-month": ("first_month:first_month", "What each figure of the first month lacks, in Norwegian."),
    "backup": ("care:backup", "Take a backup while servers and runs go on, or verify one."),
    "restore": ("care:restore", "Restore a backup into an empty home, and examine it."),
    "pack": ("care:pack", "Compact small batches of past months into larger files."),
    "tidy": ("care:tidy", "Remove old logs and abandoned files, and pack; a timer calls it each hour."),
    "move": ("care:move", "Copy landing, lake and releases to object storage, or back."),
    "alerts": ("alerts:alerts", "What somebody should act on now, and the next command."),
    "up": ("serve:up", "Start dashboards, Dagster and the servers, and print their addresses."),
    "protection": ("", "The secret by which counts of sensitive services are perturbed."),
    "protection status": ("protection:status", "Where the secret lies, and whether it fits."),
    "protection renew": ("protection:renew", "Make another secret, where the former one is lost."),
    "catalog": ("", "A release as the world's catalogues read it: export."),
    "catalog export": ("catalog:export", "Write DCAT-AP-NO, a data package, data contracts and Croissant."),
    "contract": ("", "What datasets and streams promise: diff."),
    "contract diff": ("contract:diff", "What differs between two versions, whom it breaks, and what reads it."),
    "release": ("", "The releases: list, show, diff, verify, rollback, promote, hold, prune."),
    "release list": ("release:list_releases", "Every release, the newest first."),
    "release show": ("release:show", "What a release holds."),
    "release diff": ("release:diff", "What changed between two releases, where, and why."),
    "release verify": ("release:verify", "Compare a release's files with its manifest and signature."),
    "release rollback": ("release:rollback", "Let readers open an earlier release."),
    "release promote": ("release:promote", "Make a release the stable one."),
    "release hold": ("release:hold", "Keep a release until the hold is lifted."),
    "release prune": ("release:prune", "Releases no longer kept; --yes removes them."),
    "quarantine": ("", "Rows set aside with their reasons: list, show, replay."),
    "quarantine list": ("quarantine:list_quarantine", "How many rows were set aside, by stream, month and rule."),
    "quarantine show": ("quarantine:show", "The rows that a stream has in quarantine, each with every rule it broke."),
    "quarantine replay": (
        "quarantine:replay",
        "What mended rules and registers let out of quarantine; --yes makes the release.",
    ),
    "register": ("", "Tables that people maintain: list, export, check, propose, apply, merge, history."),
    "register list": ("register:list_registers", "Every register, and the version in force."),
    "register export": ("register:export", "Write a register to a CSV or XLSX file for editing."),
    "register check": ("register:check", "Check an edited register without applying it."),
    "register propose": ("register:propose", "Propose systems for unmapped names; a person marks which to apply."),
    "register apply": ("register:apply", "Apply an edited register as a new version."),
    "register merge": ("register:merge", "Merge a returned form; every other row stays in force."),
    "register history": ("register:history", "The versions that were applied: when, by whom and why."),
    "report": ("", "Pages to mail and to print: network, municipality, product, board."),
    "report network": ("report:network", "A regional network's month on one page, ready to mail."),
    "report municipality": ("report:municipality", "A municipality on one page: has, uses, lacks, whom to ask."),
    "report product": ("report:product", "A product's use and finances on one page. Confidential."),
    "report board,--board": ("report:board", "The board's page: finances, uptake, loans. Confidential."),
    "period": ("", "Closed quarters, which no longer change: list, show, close, reopen."),
    "period list": ("period:list_periods", "Each quarter: status, by which function, what came later."),
    "period show": ("period:show", "The entries of a quarter that are booked in a later period."),
    "period close": ("period:close", "Show the figures a quarter would close at; --yes closes it."),
    "period reopen": ("period:reopen", "Reopen the quarter that was closed last."),
    "trace": ("", "From a krone to its batches, and back: ledger, batch, receipt."),
    "trace ledger": ("trace:ledger", "What an entry of the ledger, or a month of a product, is made of."),
    "trace batch": ("trace:batch", "Which entries and months of the ledgers a batch is in."),
    "trace receipt": ("trace:receipt", "The same, by the batch's number in the journal."),
    "invoice": ("", "What to invoice: basis, diff."),
    "invoice basis": ("invoice:basis", "Write a quarter's invoice basis (XLSX, CSV), and hold its release."),
    "invoice diff": ("invoice:diff", "Compare a quarter's written basis with what is known now."),
    "token": ("", "Tokens for systems that call the servers: add, list, revoke."),
    "token add": ("token:add", "Issue a token and print it, once."),
    "token list": ("token:list_tokens", "Every token and its state, never its secret."),
    "token revoke": ("token:revoke", "Revoke a token, at once and for good."),
    "share": ("", "Recipients, who read shares over Delta Sharing: add, list, revoke, profile."),
    "share add": ("share:add", "Register a recipient and print its profile, once."),
    "share list": ("share:list_recipients", "Every recipient, what it may read, and its state."),
    "share revoke": ("share:revoke", "Revoke a recipient's profiles, at once and for good."),
    "share profile": ("share:profile", "Give a recipient a new profile, with a new secret."),
    "subscribe": ("", "Who gets figures by mail: list, send, remove."),
    "subscribe list": ("subscribe:list_subscriptions", "Every subscription, its address masked."),
    "subscribe send": ("subscribe:send", "Send what is due, each mail at most once."),
    "subscribe remove": ("subscribe:remove", "Delete the subscriptions of an address."),
    "push": ("send:push", "Send files as batches to a transport server, and print the receipts."),
    "sample": ("send:sample", "Show a valid batch of a stream."),
    "withdraw": ("send:withdraw", "Withdraw a wrong batch; nothing is deleted."),
    "erase": ("erase:erase", "Erase a sender, an organisation's rows or an identity number; --yes does it."),
    "serve": ("", "Start servers: dashboards, transport, flight, http, share, mcp, dagster, scheduler, worker."),
    "serve dashboards": ("serve:dashboards", "The dashboards; visitors log in where access/pages.toml says how."),
    "serve transport": (
        "serve:transport",
        "The Flight and HTTP servers, supervised, where nothing else does.",
    ),
    "serve flight": ("serve:flight", "The Flight server alone, for systemd or a container, which restarts it."),
    "serve http": ("serve:http", "The HTTP server alone, likewise: batches, files, shares and assistants."),
    "serve mcp": ("serve:mcp", "Assistants' questions alone, over HTTP or stdio."),
    "serve share": ("serve:share", "Shares alone, at an address of their own."),
    "serve dagster": ("serve:dagster", "Dagster's pages, to look at runs; they cannot start one."),
    "serve scheduler": ("serve:scheduler", "The scheduler of an engine on several machines."),
    "serve worker": ("serve:worker", "Workers of that scheduler, which make parts of tables."),
}
"""By words of the command line: the function, as module:name, and the help. A group of commands has no function."""


def _app() -> App:
    """The commands, in their order."""
    whole = App(
        name="dif",
        help="Shared data and analytics for KS Digitale fellestjenester. Start with `dif status`; "
        "each command has --help.",
        version_flags=["--version"],
        version=whole_version,
        help_format="plaintext",
        suppress_keyboard_interrupt=False,  # `main` reports it
    )
    groups = {"": whole}
    for words, (function, text) in COMMANDS.items():
        group, _, name = words.rpartition(" ")
        if function:
            groups[group].command(f"pipelines.cli.commands.{function}", name=name.split(","), help=text)
        else:
            groups[name] = App(name=name, help=text)
            groups[group].command(groups[name])
    return whole


app = _app()


def main(arguments: Sequence[str] | None = None) -> None:
    """Run one command; every failure says what, why and the next step, without a trace.

    Raises:
        SystemExit: with 0, 1 or 2.
    """
    _tell_of_another_checkout(Path.cwd())
    _tell_of_misspelt_variables()
    try:
        code = app(arguments, exit_on_error=False, print_error=False)
        sys.stdout.flush()
    except CycloptsError as problem:
        sys.stderr.write(f"{problem}\nSee `dif --help`.\n")
        sys.exit(2)
    except KeyboardInterrupt:
        sys.stderr.write("Stopped. Nothing half-made was kept; run again at any time.\n")
        sys.exit(1)
    except BrokenPipeError:
        # `dif sql … | head`: the reader has seen enough. Discard what remains to be flushed at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(0)
    except Exception as problem:  # noqa: BLE001 - the last place: a person never sees a trace
        what, mend, code = _in_words(problem)
        sys.stderr.write(f"{what}\n  → {mend}\n")
        sys.exit(code)
    sys.exit(code if isinstance(code, int) else 0)


def _tell_of_another_checkout(folder: Path) -> None:
    """Say so where the folder is a checkout whose code is not the one that runs: a wheel does, or another checkout."""
    ours = Path(__file__).parents[2]
    if (folder / "pipelines" / "cli" / "main.py").exists() and folder.resolve() != ours:
        sys.stderr.write(
            f"This folder is a checkout, but this is dif {VERSION} in {ours}, with a home of its own.\n"
            "  → For the checkout: `make setup`, then .venv/bin/dif.\n"
        )


def _tell_of_misspelt_variables() -> None:
    from transport.base.settings import misspelt

    for name, setting in misspelt().items():
        sys.stderr.write(f"{name} is no setting and is ignored.\n  → Did you mean {setting}?\n")


def _in_words(problem: Exception) -> tuple[str, str, int]:
    """What is wrong, the next step, and the exit code."""
    import traceback

    from catalog.errors import SharingError

    if isinstance(problem, SharingError):
        where = ""
        if problem.__cause__ is not None:
            from transport.cluster.object_store import endpoint_in

            endpoint = endpoint_in(problem)
            where = f" It was asked at {endpoint}." if endpoint else ""
        return f"{problem.problem}{where}", problem.mend, problem.exit_code
    if isinstance(problem, OSError):
        from transport.base.atomic_files import in_words

        error = in_words(problem)
        return error.problem, error.mend, 1
    heading = "Unexpected internal error"
    mend = "Nothing half-made was published. `dif up` shows a run's log; report it with the line above."
    if any(frame.name == "<module>" for frame in traceback.extract_tb(problem.__traceback__)):
        heading = "The code does not fit together"
        mend = "If you have changed it, correct it as the line above says (CONTRIBUTING.md); otherwise report it."
    text = " ".join(str(problem).split())[:300]
    return f"{heading}: {type(problem).__name__}: {text}", mend, 1
