# A cell is a function of other cells' names and ends in what it shows; the release is opened as any analyst opens it.
# ruff: noqa: ANN001, ANN202, B018, TID251
"""Et år i en kommune: en notatbok i marimo over utgaven som gjelder.

Åpne den med `marimo edit docs/municipality_year.py`, eller vis den med `marimo run docs/municipality_year.py`.
Etter `--` kan du si hvor dataene ligger og hvilken kommune det gjelder: `-- --home data --municipality 4601`.
"""

import marimo

__generated_with = "0.25.2"
app = marimo.App(width="medium", app_title="Et år i en kommune")

with app.setup(hide_code=True):
    from inspect import cleandoc
    from pathlib import Path

    import altair as alt
    import duckdb
    import marimo as mo
    import polars as pl


@app.function(hide_code=True)
def origin(frame: pl.DataFrame) -> str:
    """Si om tallene er målt eller laget."""
    marks = frame["synthetic"].to_list()
    if not marks:
        return "Ingen tall."
    if all(marks):
        return "**Syntetiske tall:** laget av simulatoren, ikke målt."
    return "**Noen av tallene er syntetiske**, se kolonnen synthetic." if any(marks) else "Målte tall."


@app.function(hide_code=True)
def shown(text: str, frame: pl.DataFrame, *more: object) -> mo.Html:
    """Overskrift og forklaring, hvor tallene kommer fra, og tallene selv."""
    table = mo.ui.table(frame, selection=None, page_size=12) if frame.height else None
    return mo.vstack([mo.md(f"{cleandoc(text)}\n\n{origin(frame)}"), *more, *([] if table is None else [table])])


@app.cell(hide_code=True)
def _():
    given = mo.cli_args()
    home = Path(str(given.get("home") or mo.notebook_dir().parent / "data"))
    # Les bare: flere kan ha den samme utgaven åpen samtidig, og ingen kan endre den.
    base = duckdb.connect(home / "releases" / "current" / "dif.duckdb", read_only=True)
    base.execute("set TimeZone = 'Europe/Oslo'")

    def ask(query: str, **values: object) -> pl.DataFrame:
        return pl.from_arrow(base.sql(query, params=values).to_arrow_table())

    return ask, base, given


@app.cell(hide_code=True)
def _(ask):
    release = ask("from meta.release").row(0, named=True)
    through = release["through_month"]
    mo.stop(through is None, mo.md("Utgaven har ingen hele måneder med tall ennå."))
    mo.md(f"""
    # Et år i en kommune

    Tallene er fra utgave **{release["release"]}** og går til og med **{through:%m.%Y}**.
    {"Utgaven har **syntetiske tall**. Hvert tall sier selv om det er det." if release["synthetic"] else ""}

    Månedene og dagene er norske. En måned som mangler, er ikke null: da har vi ikke tall.
    """)
    return release, through


@app.cell(hide_code=True)
def _(ask, given, through):
    _found = ask(
        """
        select municipality_code, reference.name_on(municipality_code, $through) as name, sum(dispatches) as dispatches
        from usage.municipality_month_now
        where month > $through - interval 12 months and month <= $through
        group by all order by dispatches desc, municipality_code
        """,
        through=through,
    )
    _names = {f"{row['name']} ({row['municipality_code']})": row["municipality_code"] for row in _found.to_dicts()}
    _asked = str(given.get("municipality") or "").zfill(4)
    # Et nummer som er gått ut, ble til dagens på sin siste dag.
    _parts = ask(
        """
        select part.to_code as code, reference.name_on(part.to_code, $through) as name, part.weight
        from (select $asked as code, coalesce(max(valid_to) - 1, $through) as day
              from reference.municipality where code = $asked) as last,
             reference.to_now(last.code, last.day) as part
        order by part.weight desc, part.to_code
        """,
        asked=_asked,
        through=through,
    ).to_dicts()
    _became = [part["code"] for part in _parts]
    _wanted = [name for code in _became for name, listed in _names.items() if code == listed]
    _shown = next(iter(_wanted or _names), None)
    _said = []
    if given.get("municipality"):
        if not _parts:
            _said.append(f"Ukjent nummer: {_asked}.")
        elif _became != [_asked]:
            _now = ", ".join(f"{part['name']} ({part['code']})" for part in _parts)
            _said.append(f"Kommunenummer {_asked} gjelder ikke lenger; i dag: {_now}.")
        if _parts and not _wanted:
            _said.append("Den du spurte om, har ingen forsendelser de siste tolv månedene.")
    if _said and _shown:
        _said.append(f"Viser {_shown}.")
    municipality = mo.ui.dropdown(_names, value=_shown, label="Kommune", searchable=True)
    mo.vstack([*([mo.callout(mo.md(" ".join(_said)), kind="warn")] if _said else []), municipality])
    return (municipality,)


@app.cell(hide_code=True)
def _(ask, municipality, through):
    months = ask(
        """
        select month, service, sum(dispatches) as dispatches,
               round(sum(dispatches) * 1000 / any_value(inhabitants), 1)::decimal(18,1) as per_1000_inhabitants,
               any_value(digital_share) as digital_share, bool_or(estimated) as estimated,
               bool_or(synthetic) as synthetic
        from usage.municipality_month_now
        where municipality_code = $code and month > $through - interval 12 months and month <= $through
        group by all order by month, service
        """,
        code=municipality.value,
        through=through,
    )
    _chart = (
        alt.Chart(months.select("month", "service", pl.col("dispatches").cast(pl.Float64)))
        .mark_bar()
        .encode(
            x=alt.X("yearmonth(month):O", title="Måned"),
            y=alt.Y("dispatches:Q", title="Forsendelser"),
            color=alt.Color("service:N", title="Tjeneste"),
        )
        .properties(title=f"Forsendelser{' (syntetiske)' if months['synthetic'].any() else ''}")
    )
    shown(
        f"""
        ## Forsendelser i {municipality.selected_key}, dagens inndeling

        Tolv måneder, alle kanaler. Der `estimated` er sann, er en kommune som siden ble delt, fordelt etter vekter.
        """,
        months,
        _chart,
    )
    return (months,)


@app.cell(hide_code=True)
def _(ask, municipality):
    then = ask(
        """
        select year(old.month) as year, old.municipality_code as code_then,
               reference.name_on(old.municipality_code, old.month) as name_then, part.weight,
               sum(old.dispatches) as dispatches_then, sum(round(old.dispatches * part.weight, 4)) as dispatches_now,
               bool_or(part.estimated or old.estimated) as estimated, bool_or(old.synthetic) as synthetic
        from usage.municipality_month_then as old, reference.to_now(old.municipality_code, old.month) as part
        where part.to_code = $code
        group by all order by year, code_then
        """,
        code=municipality.value,
    )
    shown(
        """
        ## Datidens kommuner

        Kommunene som er blitt til denne, med nummer og navn fra den gang. `weight` er delen av kommunen som er her i
        dag: 1 når hele er det.
        """,
        then,
    )
    return (then,)


@app.cell(hide_code=True)
def _(months):
    _services = months.group_by("service").agg(pl.col("dispatches").sum()).sort("dispatches", descending=True)
    service = mo.ui.dropdown(
        _services["service"].to_list(), value=next(iter(_services["service"]), None), label="Tjeneste"
    )
    service
    return (service,)


@app.cell(hide_code=True)
def _(ask, municipality, service, through):
    peers = ask(
        """
        select month, peer_kind, peer_group, per_1000_inhabitants, per_1000_q1, per_1000_median, per_1000_q3,
               n, members, synthetic
        from usage.peer_month
        where municipality_code = $code and service = $service
          and month > $through - interval 12 months and month <= $through
        order by month desc, peer_kind, peer_group
        """,
        code=municipality.value,
        service=service.value,
        through=through,
    )
    shown(
        f"""
        ## {service.value}: per 1 000 innbyggere, sammenliknet med andre

        SIMILAR er kommunene som likner mest i størrelse og i folketall innen 50 km; COUNTY er fylket, NETWORK
        nettverket og COUNTRY landet uten Oslo. Kommunen selv er ikke med i gruppen. Medianen er den midterste av de `n`
        som brukte tjenesten i måneden; den mangler når færre enn tre gjorde det. De andre er ikke regnet som null.
        """,
        peers,
    )
    return (peers,)


@app.cell(hide_code=True)
def _(ask, service, through):
    delivery = ask(
        """
        select month, channel, dispatches, p50_hours, p90_hours, p99_hours, provisional, synthetic
        from usage.delivery_time
        where service = $service and month > $through - interval 12 months and month <= $through
        order by month desc, channel
        """,
        service=service.value,
        through=through,
    )
    shown(
        f"""
        ## {service.value}: tid til levering

        **Hele landet**, ikke bare kommunen: utgaven har ikke tid til levering per kommune. Timer fra forsendelsen ble
        opprettet til halvparten, ni av ti og 99 av 100 var levert. Tallene kan ikke summeres. Levert er ikke det samme
        i hver kanal: SDP er mottatt i postkassen, ALTINN og SVARINN er lastet ned, PRINT er skrevet ut, ikke framme.
        En måned som er foreløpig, ser raskere ut enn den er: det trege er ikke levert ennå.
        """,
        delivery,
    )
    return (delivery,)


@app.cell(hide_code=True)
def _(ask, municipality):
    changed = ask(
        """
        select month, service, measure, reason, difference, before, after, compared_with, synthetic
        from quality.release_diff where municipality_code = $code order by month, service, measure, reason
        """,
        code=municipality.value,
    )
    shown(
        """
        ## Endret siden forrige utgave

        LATE kom for sent, CORRECTED er rettet, NEW er en måned som pågår; resten står i `meta.column_definition`.
        Det som teller personer i følsomme tjenester, er holdt utenfor. Står det ingenting her, er ingen forsendelser
        eller annen bruk for kommunen endret ellers, eller så er dette den første utgaven.
        """,
        changed,
    )
    return (changed,)


@app.cell(hide_code=True)
def _(ask, municipality):
    gaps = ask(
        """
        select late.stream, late.producer, late.organisation_number, sender.name,
               date_trunc('month', late.day)::date as month,
               count(*) filter (where late.expected and late.status <> 'NOT_YET_DUE') as due,
               count(*) filter (where late.status = 'LATE') as late,
               count(*) filter (where late.status = 'MISSING') as missing, bool_or(late.synthetic) as synthetic
        from quality.expected_reporter as late
        join reference.organisation as sender on sender.organisation_number = late.organisation_number
        where sender.municipality_code = $code
        group by all having late > 0 or missing > 0 order by month desc, late.stream, late.producer
        """,
        code=municipality.value,
    )
    shown(
        """
        ## Hull de siste 92 dagene

        Dager kommunens virksomheter skulle ha levert, og hvor mange av dem som kom for sent eller mangler. Et hull er
        et hull: tallene over er da for lave, de er ikke null. Utgaven ser 92 dager tilbake; eldre hull står i tidligere
        utgaver. Står det ingenting her, er det ingen kjente hull i de dagene.
        """,
        gaps,
    )
    return (gaps,)


if __name__ == "__main__":
    app.run()
