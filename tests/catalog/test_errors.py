"""The tree of errors is drawn at the top of its module; what is drawn is what there is."""

from __future__ import annotations

import importlib
import pkgutil

import pytest

import assets
import catalog
import transport
from catalog import errors
from dashboards import release
from pipelines import engine


def every(cls: type) -> list[type]:
    return [cls, *(one for sub in cls.__subclasses__() for one in every(sub))]


def load_all() -> None:
    for package in (catalog, transport, assets, engine, release):
        for module in pkgutil.walk_packages(getattr(package, "__path__", ()), f"{package.__name__}."):
            if not module.name.endswith(("_worker", ".workers", ".pages")):
                importlib.import_module(module.name)


def test_every_error_is_drawn_in_the_tree_below_its_parent() -> None:
    load_all()
    drawn = (errors.__doc__ or "").splitlines()
    depth = {}
    for line in drawn:
        if "──" in line or line.strip() == "SharingError":
            name = line.replace("│", " ").replace("├──", "   ").replace("└──", "   ").split()[0]
            depth[name] = len(line) - len(line.lstrip(" │├└─"))
    for cls in every(errors.SharingError):
        assert cls.__name__ in depth, f"{cls.__name__} is not drawn"
        for sub in cls.__subclasses__():
            assert depth.get(sub.__name__, 0) > depth[cls.__name__], sub.__name__
    assert set(depth) == {cls.__name__ for cls in every(errors.SharingError)}


def test_kinds_are_stable_words_and_no_two_errors_share_one() -> None:
    load_all()
    kinds = [cls.__dict__.get("kind") for cls in every(errors.SharingError)]
    assert all(kind and kind.isidentifier() and kind.islower() for kind in kinds)
    assert len(set(kinds)) == len(kinds)


@pytest.mark.parametrize(
    ("name", "known", "near"),
    [
        ("servic", ["service", "step"], "service"),
        ("Service", ["service"], "service"),
        ("xyz", ["service"], None),
        ("batch-2026-11-20", ["batch-2026-11-29-d05e6d1", "batch-2026-11-20-858fa61"], "batch-2026-11-20-858fa61"),
    ],
)
def test_the_nearest_name_is_offered_or_none(name: str, known: list[str], near: str | None) -> None:
    assert errors.nearest(name, known) == near


def test_an_error_crosses_a_wire_as_kind_problem_and_mend() -> None:
    from transport.ingest.workers import refused

    sent = errors.UnknownColumn("servic", "dispatch", columns=["service"])
    back = refused(sent.as_json())
    assert type(back) is errors.UnknownColumn
    assert (back.problem, back.mend) == (sent.problem, "Did you mean 'service'?")
