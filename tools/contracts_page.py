"""Pages of the documentation that are made from the contracts: `make renew` writes them, a test holds them to it."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path

from catalog.contracts.language import Column, DatasetContract, Deprecation, RegisterContract, StreamContract
from catalog.metrics.macros import MACROS, Macro, MacroKind
from catalog.tables.datasets import DATASETS
from catalog.tables.registers import REGISTERS
from catalog.tables.streams import STREAMS

_HEAD = """\
# Streams, registers and datasets

Made from `catalog/` by `make renew`; do not edit. *Key* columns are the record's identity; *null* ones may be missing.
"""


def contracts_page() -> str:
    """Every contract, in Markdown."""
    parts = [_HEAD, "\n## Streams: what systems send\n"]
    parts += [page_of(s) for s in STREAMS.values()]
    parts.append("\n## Registers: what people keep\n")
    parts += [page_of(r) for r in REGISTERS.values()]
    parts.append("\n## Datasets: what a release holds\n")
    parts += [page_of(d) for d in DATASETS.values()]
    parts.append("\n## Functions: what a release can answer\n\nSQL functions in `dif.duckdb`, beside its tables.\n")
    parts += [_function(m) for m in MACROS]
    return "".join(parts)


def _function(macro: Macro) -> str:
    stands = "rows, after `from`" if macro.kind is MacroKind.TABLE else "a value"
    parameters = "".join(f"| {p.name} | {p.about.en} |\n" for p in macro.parameters)
    return (
        f"\n### {macro.signature}: {stands}\n\n{macro.title.en} · *{macro.title.nb}*. {macro.about.en}\n\n"
        f"Gives {macro.returns.en}. Reads {', '.join(d.name for d in macro.reads)}.\n\n"
        f"| parameter | meaning |\n|---|---|\n{parameters}\n```sql\n{macro.example}\n```\n"
    )


def page_of(contract: StreamContract | RegisterContract | DatasetContract) -> str:
    """One contract, in Markdown."""
    facts = [f"Owner {contract.owner}"]
    if isinstance(contract, DatasetContract):
        facts += [f"audience {contract.audience}", f"fresh within {contract.freshness_hours} hours"]
        facts += [f"made of {', '.join(contract.sources)}"] if contract.sources else []
        facts += [f"views {', '.join(v.name for v in contract.views)}"] if contract.views else []
        facts += (
            [f"sum within one value of {' and '.join(contract.non_additive_across)}"]
            if contract.non_additive_across
            else []
        )
    if not isinstance(contract, RegisterContract):
        facts += [f"version {contract.version}"] if contract.version > 1 else []
        facts += [_end(contract.deprecated)] if contract.deprecated else []
    rules = "".join(f"- `{r.name}`: {r.says.en}\n" for r in contract.rules)
    return (
        f"\n### {contract.name}\n\n{contract.title.en} · *{contract.title.nb}*. {contract.about.en}\n\n"
        f"{'; '.join(facts)}.\n\n{_table(contract.columns)}" + (f"\nRules:\n\n{rules}" if rules else "")
    )


def _end(end: Deprecation) -> str:
    instead = f"; use {end.successor} instead" if end.successor else ""
    return f"**deprecated: it holds through {end.until}{instead}**"


def _table(columns: Sequence[Column]) -> str:
    lines = ["| column | type | | meaning |", "|---|---|---|---|"]
    for c in columns:
        marks = ", ".join(m for m, on in (("key", c.key), ("null", c.null), ("perturbed", c.perturbed)) if on)
        unit = f" Unit: {c.unit}." if c.unit else ""
        sums = f" Adds up: {c.additivity}." if c.additivity else ""
        lines.append(f"| {c.name} | {c.type} | {marks} | {c.description.en}{unit}{sums} |")
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    Path(sys.argv[1]).write_text(contracts_page(), "utf-8")
