"""The forms in which an identity number is written, for tests of everything that looks for one."""

from __future__ import annotations

import base64

BETWEEN = [
    *("", " ", ".", "-", "/", ":", "_", ",", "|", "+", "*", "·", "  ", " - ", "--", "\t", "\n", "\r\n", "\v", "\x85"),
    *("\u00a0", "\u2002", "\u2007", "\u2009", "\u202f", "\u3000", "\u2028"),
    *("\u2010", "\u2011", "\u2012", "\u2013", "\u2014", "\u2212", "\uff0d"),
    *("\u00ad", "\u200b", "\u200c", "\u2060", "\ufeff"),
    *(" " * 6, "-" * 10, " og ", "\\n", "\\t", "=20", "=\n", "=C2=A0", "%20", "%2D", "%2520", "%C2%A0"),
    *("&nbsp;", "&#32;", "&#x2d;", "&amp;nbsp;", "<br>", "<br/>\n", "</b>", "</td><td>", "<!-- 5 -->"),
]
"""What stands between the sixth digit and the seventh in what people and programs write."""
SCRIPTS = {"full width": 0xFF10, "Arabic": 0x660, "bold": 0x1D7CE, "Devanagari": 0x966}
GROUPS = {"2 2 2 2 2 1": " .-_", "3 3 3 2": " .-", "4 4 3": " -", "2 3 3 3": " .,'\u00a0\u202f", "1 2 2 2 2 2": " "}
"""Sizes of groups of digits, and what stands between the groups; 2 3 3 3 are thousands."""
EACH_DIGIT = {
    "percent": "%{:02x}",
    "double percent": "%25{:02X}",
    "HTML": "&#{};",
    "HTML hexadecimal": "&#x{:x};",
    "HTML twice": "&amp;#{};",
    "JSON": "\\u{:04x}",
    "Python": "\\x{:02x}",
    "mail": "={:02X}",
    "hexadecimal": "{:02x}",
}


def forms(n: str, *, century: str = "20") -> dict[str, str]:
    """A number in every form in which it is looked for in any text."""
    day, person, text = [n[:2], n[2:4], n[4:6]], n[6:], f"Fødselsnummer {n[:6]} {n[6:]}."
    return {
        **{f"6 5 {b!a}": f"{n[:6]}{b}{person}" for b in BETWEEN},
        **{f"a date {b!r}": b.join(day) + f" {person}" for b in ". -/"},
        **{f"a date with century {b!r}": b.join([*day[:2], century + day[2]]) + f" {person}" for b in ". -/"},
        "a date with century, unbroken": f"{n[:4]}{century}{n[4:]}",
        "a date with century, 8 5": f"{n[:4]}{century}{n[4:6]}-{person}",
        **{f"6 3 2 {b!r}": b.join([n[:6], n[6:9], n[9:]]) for b in " .-"},
        **{f"{sizes} {b!a}": b.join(_grouped(n, sizes)) for sizes, signs in GROUPS.items() for b in signs},
        **{f"each digit {b!a}": b.join(n) for b in (" ", "-", "\u200b")},
        **{f"each digit {name}": "".join(sign.format(ord(d)) for d in n) for name, sign in EACH_DIGIT.items()},
        **{name: n.translate({48 + i: zero + i for i in range(10)}) for name, zero in SCRIPTS.items()},
        "full width in percent": "".join(f"%EF%BC%{0x90 + int(d):X}" for d in n),
        "broken over lines": f"{n[:4]}\n{n[4:]}",
        "underlined": "".join(f"{digit}\u0332" for digit in n),
        "in tags": f"<b>{n[:6]}</b>{person}",
        "a tag a digit": "".join(f'<span class="d">{d}</span>' for d in n),
        "with country code": f"+47{n}",
        "with country code 00": f"0047{n}",
        "with a zero before": f"0{n}",
        "with zeros before": f"{n:0>20}",
        "in a UUID": f"f3a90c1e-0000-4000-8000-0{n}",
        "between letters of a UUID": f"f3a90c1e-1b2c-4d3e-8f4a-{n}e",
        "base64": base64.b64encode(n.encode()).decode(),
        "base64 without padding": base64.b64encode(n.encode()).decode().rstrip("=") + ".",
        "base64 of 6 5": base64.b64encode(f"{n[:6]} {person}".encode()).decode(),
        "base64 of a text": base64.b64encode(text.encode()).decode(),
        "base64url of a text": base64.urlsafe_b64encode(f"~~~{text}".encode()).decode(),
        "hexadecimal of 6 5": f"{n[:6]} {person}".encode().hex(),
        "hexadecimal of a text": text.encode().hex().upper(),
    }


def _grouped(n: str, sizes: str) -> list[str]:
    digits = iter(n)
    return ["".join(next(digits) for _ in range(int(size))) for size in sizes.split()]
