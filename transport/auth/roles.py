"""Who may see what on the pages: `DIF_HOME/access/pages.toml` says how visitors log in and which roles they get.

Without the file the pages are open, on this machine only. Once it has been seen they stay closed for the life of the
process, as the servers do: a file that is removed or broken lets nobody in until it is mended. Grants are reread when
the file changes; the login settings are read once at start, since the pages' server is built from them.

A login proves identity and gives no rights: with a national provider anyone can log in. Only a grant gives rights.

Source: OpenID Connect Core 1.0, sections 2 (ID Token) and 3.1.2.1 (Authentication Request).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from types import MappingProxyType
from typing import Final
from urllib.parse import urlsplit

from catalog.contracts.sharing import Right
from catalog.domain.identity import is_organisation_number
from catalog.domain.products import OWN_SERVICES
from catalog.errors import WrongUse
from catalog.text import Text, en, nb
from transport.auth.files import Table, Watched, private_text, toml_table
from transport.auth.parties import may_be_asked
from transport.auth.tokens import ALL
from transport.base.bind_address import is_loopback
from transport.base.settings import Settings

FILE: Final = "pages.toml"
SHORTEST_SECRET: Final = 32
"""Characters of the cookie-signing secret: whoever guesses it can pose as anyone."""
_ISO6523: Final = "0192:"
"""The ISO 6523 code of the Norwegian register of organisations, before the number in a claim."""
_PROTOCOLS: Final = frozenset(
    {
        *("client_id", "redirect_uri", "response_type", "response_mode", "state", "nonce"),
        *("code_challenge", "code_challenge_method", "scope", "prompt"),
    }
)
"""Parameters of a login request that are set elsewhere; the file must not override them."""


class Role(StrEnum):
    """A visitor's role. A visitor may have several; each adds rows, none removes any."""

    READER = "READER"
    NETWORK = "NETWORK"
    PRODUCT_OWNER = "PRODUCT_OWNER"
    ECONOMY = "ECONOMY"
    LEADERSHIP = "LEADERSHIP"
    DIF = "DIF"

    @property
    def words(self) -> Text:
        """The role's name as shown to visitors."""
        return _ROLES[self]

    @property
    def rights(self) -> frozenset[Right]:
        """The rights of the role: it sees every row of these. Networks, products and the own organisation add rows."""
        return frozenset({Right.OPEN, *_RIGHTS.get(self, ())})


_ROLES: Final[Mapping[Role, Text]] = {
    Role.READER: nb("leser") | en("reader"),
    Role.NETWORK: nb("nettverk") | en("network"),
    Role.PRODUCT_OWNER: nb("produkteier") | en("product owner"),
    Role.ECONOMY: nb("økonomi") | en("economy"),
    Role.LEADERSHIP: nb("ledelse") | en("leadership"),
    Role.DIF: nb("ansatt i DIF") | en("employee of DIF"),
}
_RIGHTS: Final[Mapping[Role, frozenset[Right]]] = {
    Role.ECONOMY: frozenset({Right.LEDGER, Right.CUSTOMERS}),
    Role.LEADERSHIP: frozenset({Right.LEDGER}),
    Role.DIF: frozenset({Right.CONNECTIONS, Right.CONNECTION_COUNTS}),
}


@dataclass(frozen=True, slots=True)
class Login:
    """How visitors log in.

    Attributes:
        discovery: the provider's discovery document.
        address: the pages' own address, as visitors use it; None means loopback, on any port.
        parameters: further parameters of the login request (`acr_values` …).
        session_minutes: how long a login lasts from when the token was issued; None means until the token's `exp`.
        name: the claim shown as the visitor's name.
        organisation: the claim with the visitor's organisation number; None if no claim has it.
    """

    discovery: str
    client_id: str
    client_secret: str = field(repr=False)
    cookie_secret: str = field(repr=False)
    address: str | None
    scope: str
    prompt: str
    parameters: Mapping[str, str]
    session_minutes: int | None
    name: str
    organisation: str | None


@dataclass(frozen=True, slots=True)
class Grant:
    """A role for everyone whose token has one of `values` in `claim`; `*` matches any value."""

    role: Role
    claim: str
    values: frozenset[str]
    networks: frozenset[str] = frozenset()
    products: frozenset[str] = frozenset()

    def is_for(self, claims: Mapping[str, object]) -> bool:
        """Whether the token's claims match the grant."""
        texts = set(values_of(claims, self.claim))
        return bool(texts) and (ALL in self.values or not texts.isdisjoint(self.values))


@dataclass(frozen=True, slots=True)
class Rules:
    """The content of `pages.toml`."""

    login: Login
    grants: tuple[Grant, ...]


def values_of(claims: Mapping[str, object], path: str) -> Iterator[str]:
    """The texts in a claim: a single one, a list of them, or nested ones.

    Args:
        claims: of a token.
        path: the claim's name, or dotted names that lead into nested claims. Lists on the way are searched.
    """
    if path in claims:
        yield from _texts(claims[path])
        return
    first, _, rest = path.partition(".")
    within = claims.get(first)
    if rest:
        for inner in within if isinstance(within, list) else [within]:
            if isinstance(inner, Mapping):
                yield from values_of(inner, rest)


def organisation_of(claims: Mapping[str, object], path: str) -> str | None:
    """The organisation number in a claim, bare or as `0192:NNNNNNNNN`; None if there is none, or more than one."""
    numbers = {value.removeprefix(_ISO6523) for value in values_of(claims, path)}
    numbers = {number for number in numbers if is_organisation_number(number, or_made_up=True)}
    return numbers.pop() if len(numbers) == 1 else None


def _texts(value: object) -> Iterator[str]:
    for text in value if isinstance(value, list) else [value]:
        if isinstance(text, str) and text:
            yield text


class Pages:
    """The current `pages.toml` of one home. One instance per process; threads share it."""

    def __init__(self, settings: Settings) -> None:
        """Nothing is read yet."""
        folder = settings.home / "access"
        gone = WrongUse(
            f"{folder / FILE} is gone.",
            "Restore it from the backup; to run without it, stop the pages and start them again.",
        )
        # beside it lie the secrets, which may become readable by others
        self._file = Watched(folder, FILE, read=lambda: read_pages(folder / FILE), gone=gone, who="pages", beside=True)

    @property
    def open(self) -> bool:
        """True while nothing is configured: the pages need no login, on this machine only. Once false, stays false."""
        self._file.now()
        return not self._file.closed

    @property
    def rules(self) -> Rules | None:
        """The login settings and the grants; None when the pages are open, or closed to everybody."""
        return self._file.now()[0]

    @property
    def trouble(self) -> WrongUse | None:
        """Why nobody is let in at present, worded for the operator; None when all is well."""
        return self._file.now()[1]


def read_pages(path: Path) -> Rules | None:
    """The login settings and the grants; None when there is no file.

    Raises:
        WrongUse: the file, or a secret that it names, is unusable; the error names the key.
    """
    folder = path.parent
    if folder.is_dir() and folder.stat().st_mode & 0o022:
        raise WrongUse(f"Other users can write to {folder}.", f"chmod 700 {folder}")
    top = toml_table(path)
    if top is None:
        return None
    if "login" not in top:
        raise WrongUse(f"{FILE} has no [login].", "Add it: discovery, client_id, and the files of the two secrets.")
    login = _login(top.table("login"), folder)
    grants = tuple(_grant(table) for table in top.tables("grant"))
    top.end()
    if not grants:
        raise WrongUse(f"{FILE} has no [[grant]], so nobody would be let in.", "Add one: role, claim and values.")
    return Rules(login, grants)


def _login(table: Table, folder: Path) -> Login:
    discovery = table.text("discovery")
    if not may_be_asked(discovery):
        table.wrong("discovery", discovery, "the https address of the provider's discovery document")
    login = Login(
        discovery=discovery,
        client_id=table.text("client_id"),
        client_secret=_secret(table, "client_secret_file", folder, shortest=1),
        cookie_secret=_secret(table, "cookie_secret_file", folder, shortest=SHORTEST_SECRET),
        address=_address(table),
        scope=table.text("scope") if "scope" in table else "openid profile",
        prompt=table.text("prompt") if "prompt" in table else "select_account",
        parameters=_parameters(table),
        session_minutes=table.whole("session_minutes", 60, low=5, high=720) if "session_minutes" in table else None,
        name=table.text("name_claim") if "name_claim" in table else "name",
        organisation=table.text("organisation_claim") if "organisation_claim" in table else None,
    )
    if "openid" not in login.scope.split():
        table.wrong("scope", login.scope, "scopes that include openid; without it there is no ID token")
    table.end()
    return login


def _secret(table: Table, key: str, folder: Path, *, shortest: int) -> str:
    """The secret in the file that a key names, relative to the access folder."""
    path = folder / table.text(key)
    text = private_text(path)
    if text is None:
        table.wrong(key, path.name, f"an existing file; {path} does not exist")
    secret = text.strip()
    if len(secret) < shortest or len(secret.split()) > 1:
        raise WrongUse(
            f"{path} has no secret of at least {shortest} characters without white space.",
            f"Write one: (umask 077; openssl rand -base64 48 | tr -d '\\n' > {path})"
            if shortest > 1
            else "Copy it from the provider.",
        )
    return secret


def _address(table: Table) -> str | None:
    """The pages' address: scheme, host and port only, as the browser states it."""
    if "address" not in table:
        return None
    text = table.text("address")
    bare = text.rstrip("/")
    parts = urlsplit(bare) if may_be_asked(bare) else None
    if parts is None or parts.path or parts.query or parts.netloc != parts.netloc.lower():
        table.wrong("address", text, "the pages' https address, without a path (http on loopback)")
    return bare


def _parameters(table: Table) -> Mapping[str, str]:
    if "parameters" not in table:
        return MappingProxyType({})
    within = table.table("parameters")
    parameters = {}
    for key in within.keys():  # noqa: SIM118 - a Table is no mapping: asking for its keys counts as reading them
        if key in _PROTOCOLS:
            within.wrong(
                key,
                within.text(key),
                "it as a key of [login] if there is one; the pages set the other parameters",
            )
        parameters[key] = within.text(key)
    return MappingProxyType(parameters)


def _grant(table: Table) -> Grant:
    role = Role(_choice(table, "role", tuple(Role)))
    values = frozenset(table.texts("values", ()))
    if not values:
        table.wrong("values", None, 'the accepted values of the claim, or ["*"] for any')
    claim = table.text("claim")
    networks: frozenset[str] = frozenset()
    products: frozenset[str] = frozenset()
    if role is Role.NETWORK:
        networks = frozenset(table.texts("networks", ()))
        if not networks:
            table.wrong("networks", None, "the ids of one or more networks (reference.network)")
    if role is Role.PRODUCT_OWNER:
        products = frozenset(table.texts("products", (), allowed=(*OWN_SERVICES, ALL)))
        if not products:
            table.wrong("products", None, 'one or more of our services, or ["*"]')
    table.end()
    return Grant(role, claim, values, networks, products)


def _choice(table: Table, key: str, allowed: tuple[str, ...]) -> str:
    text = table.text(key)
    if text not in allowed:
        table.wrong(key, text, f"one of {', '.join(allowed)}")
    return text


def pages_are_for(host: str, rules: Rules | None, *, tls: bool) -> None:
    """Refuse to open the pages to other machines without a login, or to send logins over the network in the clear.

    Args:
        host: where the pages are to listen.
        rules: the home's rules; None when the pages are open.
        tls: the pages speak TLS themselves, or a proxy in front of them does.

    Raises:
        WrongUse: the pages may not listen on `host`.
    """
    if is_loopback(host):
        return
    if rules is None:
        raise WrongUse(
            f"Nothing says who may see the pages, so they listen on this machine only, not on {host}.",
            f"Write access/{FILE} (docs/access.md, “The pages”), then start the pages again.",
        )
    address = rules.login.address
    if address is None or is_loopback(urlsplit(address).hostname or ""):
        raise WrongUse(
            f"On {host} others can see the pages, but {FILE} does not set their address.",
            'Set address = "https://…" under [login], as visitors type it.',
        )
    if not tls:
        raise WrongUse(
            f"Logins would cross the network in the clear on {host}.",
            "Set tls_cert and tls_key; if a proxy in front of the pages speaks TLS, set tls_elsewhere.",
        )
