"""`dif`: the command line. Names and help only; a command's code is loaded when it is called.

Results go to stdout, progress and logs to stderr. Exit 0 done, 1 failed, 2 wrong use.
"""

from __future__ import annotations

import atexit
import gc
import os
import sys
from collections.abc import Sequence
from importlib.metadata import version

from cyclopts import App, CycloptsError

# Of a run's processor seconds a tenth went into looking for garbage among what stays as long as the process does:
# modules, and Dagster's graph. At the end nothing is worth looking for.
gc.set_threshold(10_000)
atexit.register(gc.freeze)

HERE = "pipelines.cli.commands"
app = App(
    name="dif",
    help="Shared data and analytics for KS Digitale fellestjenester. Start with `dif status`; each command has --help.",
    version_flags=["--version"],
    version=lambda: version("dif-data"),
    help_format="plaintext",
    suppress_keyboard_interrupt=False,  # `main` says what became of it
)
app.command(
    f"{HERE}.run:run",
    name="run",
    help="Take in waiting files, rebuild what they affect, check it and publish a release.",
)
app.command(
    f"{HERE}.run:demo", name="demo", help="Land the bundled real records and a small synthetic year once, then run."
)
app.command(
    f"{HERE}.run:rebuild",
    name="rebuild",
    help="Rebuild everything from the landing and compare it with the current release.",
)
app.command(
    f"{HERE}.simulate:simulate",
    name="simulate",
    help="Make synthetic national traffic as batch files, marked synthetic.",
)
app.command(
    f"{HERE}.look:sql",
    name="sql",
    help='Query the current release in SQL, read-only: dif sql "from uptake.funnel limit 5"',
)
app.command(f"{HERE}.look:status", name="status", help="Show the state of the platform on one screen.")
app.command(
    f"{HERE}.price:price", name="price", help="What a service must cost next year: calculate, what if, save, decide."
)
app.command(f"{HERE}.care:doctor", name="doctor", help="Find what is wrong and how to fix it; --mend fixes it.")
app.command(f"{HERE}.care:backup", name="backup", help="Take a backup while servers and runs go on, or verify one.")
app.command(f"{HERE}.care:restore", name="restore", help="Restore a backup into an empty home, and examine it.")
app.command(f"{HERE}.care:pack", name="pack", help="Compact small batches of past months into larger files.")
app.command(f"{HERE}.care:move", name="move", help="Copy landing, lake and releases to object storage, or back.")
app.command(f"{HERE}.alerts:alerts", name="alerts", help="What somebody should act on now, and the next command.")
app.command(f"{HERE}.serve:up", name="up", help="Start dashboards, Dagster and the servers, and print their addresses.")

protection = App(name="protection", help="The secret by which counts of sensitive services are perturbed.")
protection.command(f"{HERE}.protection:status", name="status", help="Where the secret lies, and whether it fits.")
protection.command(f"{HERE}.protection:renew", name="renew", help="Make another secret, where the former one is lost.")
app.command(protection)

exports = App(name="catalog", help="A release as the world's catalogues read it: export.")
exports.command(
    f"{HERE}.catalog:export", name="export", help="Write DCAT-AP-NO, a data package, data contracts and Croissant."
)
app.command(exports)
contract = App(name="contract", help="What datasets and streams promise: diff.")
contract.command(
    f"{HERE}.contract:diff", name="diff", help="What differs between two versions, whom it breaks, and what reads it."
)
app.command(contract)
release = App(name="release", help="The releases: list, show, diff, verify, rollback, promote, hold, prune.")
release.command(f"{HERE}.release:list_releases", name="list", help="Every release, the newest first.")
release.command(f"{HERE}.release:show", name="show", help="What a release holds.")
release.command(f"{HERE}.release:diff", name="diff", help="What changed between two releases, where, and why.")
release.command(
    f"{HERE}.release:verify", name="verify", help="Compare a release's files with its manifest and signature."
)
release.command(f"{HERE}.release:rollback", name="rollback", help="Let readers open an earlier release.")
release.command(f"{HERE}.release:promote", name="promote", help="Make a release the stable one.")
release.command(f"{HERE}.release:hold", name="hold", help="Keep a release until the hold is lifted.")
release.command(f"{HERE}.release:prune", name="prune", help="Releases no longer kept; --yes removes them.")
app.command(release)

quarantine = App(name="quarantine", help="Rows set aside with their reasons: list, show, replay.")
quarantine.command(
    f"{HERE}.quarantine:list_quarantine", name="list", help="How many rows were set aside, by stream, month and rule."
)
quarantine.command(
    f"{HERE}.quarantine:show",
    name="show",
    help="The rows that a stream has in quarantine, each with every rule it broke.",
)
quarantine.command(
    f"{HERE}.quarantine:replay",
    name="replay",
    help="What mended rules and registers let out of quarantine; --yes makes the release.",
)
app.command(quarantine)

register = App(
    name="register", help="Tables that people maintain: list, export, check, propose, apply, merge, history."
)
register.command(f"{HERE}.register:list_registers", name="list", help="Every register, and the version in force.")
register.command(f"{HERE}.register:export", name="export", help="Write a register to a CSV or XLSX file for editing.")
register.command(f"{HERE}.register:check", name="check", help="Check an edited register without applying it.")
register.command(
    f"{HERE}.register:propose",
    name="propose",
    help="Propose systems for unmapped names; a person marks which to apply.",
)
register.command(f"{HERE}.register:apply", name="apply", help="Apply an edited register as a new version.")
register.command(f"{HERE}.register:merge", name="merge", help="Merge a returned form; every other row stays in force.")
register.command(
    f"{HERE}.register:history", name="history", help="The versions that were applied: when, by whom and why."
)
app.command(register)

report = App(name="report", help="Pages to mail and to print: network, product, board.")
report.command(f"{HERE}.report:network", name="network", help="A regional network's month on one page, ready to mail.")
report.command(f"{HERE}.report:product", name="product", help="A product's use and finances on one page. Confidential.")
report.command(
    f"{HERE}.report:board", name=["board", "--board"], help="The board's page: finances, uptake, loans. Confidential."
)
app.command(report)

period = App(name="period", help="Closed quarters, which no longer change: list, show, close, reopen.")
period.command(
    f"{HERE}.period:list_periods", name="list", help="Each quarter: status, by which function, what came later."
)
period.command(f"{HERE}.period:show", name="show", help="The entries of a quarter that are booked in a later period.")
period.command(f"{HERE}.period:close", name="close", help="Show the figures a quarter would close at; --yes closes it.")
period.command(f"{HERE}.period:reopen", name="reopen", help="Reopen the quarter that was closed last.")
app.command(period)

trace = App(name="trace", help="From a krone to its batches, and back: ledger, batch, receipt.")
trace.command(
    f"{HERE}.trace:ledger", name="ledger", help="What an entry of the ledger, or a month of a product, is made of."
)
trace.command(f"{HERE}.trace:batch", name="batch", help="Which entries and months of the ledgers a batch is in.")
trace.command(f"{HERE}.trace:receipt", name="receipt", help="The same, by the batch's number in the journal.")
app.command(trace)
invoice = App(name="invoice", help="What to invoice: basis, diff.")
invoice.command(
    f"{HERE}.invoice:basis", name="basis", help="Write a quarter's invoice basis (XLSX, CSV), and hold its release."
)
invoice.command(
    f"{HERE}.invoice:diff",
    name="diff",
    help="Compare a quarter's written basis with what is known now.",
)
app.command(invoice)

token = App(name="token", help="Tokens for systems that call the servers: add, list, revoke.")
token.command(f"{HERE}.token:add", name="add", help="Issue a token and print it, once.")
token.command(f"{HERE}.token:list_tokens", name="list", help="Every token and its state, never its secret.")
token.command(f"{HERE}.token:revoke", name="revoke", help="Revoke a token, at once and for good.")
app.command(token)

share = App(name="share", help="Recipients, who read shares over Delta Sharing: add, list, revoke, profile.")
share.command(f"{HERE}.share:add", name="add", help="Register a recipient and print its profile, once.")
share.command(f"{HERE}.share:list_recipients", name="list", help="Every recipient, what it may read, and its state.")
share.command(f"{HERE}.share:revoke", name="revoke", help="Revoke a recipient's profiles, at once and for good.")
share.command(f"{HERE}.share:profile", name="profile", help="Give a recipient a new profile, with a new secret.")
app.command(share)
subscribe = App(name="subscribe", help="Who gets figures by mail: list, send, remove.")
subscribe.command(f"{HERE}.subscribe:list_subscriptions", name="list", help="Every subscription, its address masked.")
subscribe.command(f"{HERE}.subscribe:send", name="send", help="Send what is due, each mail at most once.")
subscribe.command(f"{HERE}.subscribe:remove", name="remove", help="Delete the subscriptions of an address.")
app.command(subscribe)

app.command(
    f"{HERE}.send:push", name="push", help="Send files as batches to a transport server, and print the receipts."
)
app.command(f"{HERE}.send:sample", name="sample", help="Show a valid batch of a stream.")
app.command(f"{HERE}.send:withdraw", name="withdraw", help="Withdraw a wrong batch; nothing is deleted.")
app.command(
    f"{HERE}.erase:erase",
    name="erase",
    help="Erase a sender, an organisation's rows or an identity number; --yes does it.",
)

serve = App(name="serve", help="Start one server: dashboards, transport, share, mcp, dagster, scheduler, worker.")
serve.command(
    f"{HERE}.serve:dashboards",
    name="dashboards",
    help="The dashboards; visitors log in where access/pages.toml says how.",
)
serve.command(f"{HERE}.serve:transport", name="transport", help="The Flight server and the HTTP door, supervised.")
serve.command(f"{HERE}.serve:mcp", name="mcp", help="Answer assistants' questions in words, over HTTP or stdio.")
serve.command(f"{HERE}.serve:share", name="share", help="The Delta Sharing server, for recipients elsewhere.")
serve.command(f"{HERE}.serve:dagster", name="dagster", help="Dagster's pages, to look at runs; they cannot start one.")
serve.command(f"{HERE}.serve:scheduler", name="scheduler", help="The scheduler of an engine on several machines.")
serve.command(f"{HERE}.serve:worker", name="worker", help="Workers of that scheduler, which make parts of tables.")
app.command(serve)


def main(arguments: Sequence[str] | None = None) -> None:
    """Run one command; every failure says what, why and the next step, without a trace.

    Raises:
        SystemExit: with 0, 1 or 2.
    """
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
    except OSError as trouble:
        from transport.base.atomic_files import in_words

        told = in_words(trouble)
        sys.stderr.write(f"{told.problem}\n  → {told.mend}\n")
        sys.exit(1)
    except Exception as problem:  # noqa: BLE001 - the last place: a person never sees a trace
        import traceback

        from catalog.errors import SharingError

        if not isinstance(problem, SharingError):
            text = " ".join(str(problem).split())[:300]
            heading = "Unexpected internal error"
            mend = "Nothing half-made was published. `make up` shows a run's log; report it with the line above."
            if any(frame.name == "<module>" for frame in traceback.extract_tb(problem.__traceback__)):
                heading = "The code does not fit together"
                mend = (
                    "If you have changed it, correct it as the line above says (CONTRIBUTING.md); otherwise report it."
                )
            sys.stderr.write(f"{heading}: {type(problem).__name__}: {text}\n  → {mend}\n")
            sys.exit(1)
        from transport.storage.object_store import endpoint_in

        at = endpoint_in(problem)
        sys.stderr.write(f"{problem.problem}{f' It was asked at {at}.' if at else ''}\n  → {problem.mend}\n")
        sys.exit(problem.exit_code)
    sys.exit(code if isinstance(code, int) else 0)
