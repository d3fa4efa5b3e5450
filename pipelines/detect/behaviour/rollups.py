"""Sums by hour that stand for many events, kept up to date from the cells that new events touch.

A contact is one act of calling: a connection, or a further request within one. ``pair_hour`` has one row for each client,
server, port and hour; ``pair_gap`` one for each length of gap between contacts within the hour, in steps of 5 % (the sketch from
which medians and quantiles are read). The gap from one hour to the next follows from ``pair_hour``.

Each cell knows the load that touched it last: a window that was looked at before needs only the pairs that changed since.
"""

from __future__ import annotations

from typing import Final

HOUR: Final = 3_600_000_000
KEY: Final = '"source.ip", name, "destination.port", "network.transport"'
"""Who calls whom: ``name`` is the server's name where one is known, else its address."""
COLUMNS: Final = {
    "pair_hour": (
        "source.ip", "name", "destination.port", "network.transport", "hour", "contacts", "first_at", "last_at", "failures",
        "destination.ip", "sent", "received", "protocol", "outward",
    ),
    "pair_gap": ("source.ip", "name", "destination.port", "network.transport", "hour", "step", "gaps", "seconds", "ln_seconds"),
}  # fmt: skip
"""Roll-up → its columns, beside the hour that bounds windows."""
NEEDS: Final = {
    "flow": (
        "destination.domain", "destination.port", "network.transport", "vonggac.flow.state", "vonggac.source.payload_bytes",
        "vonggac.destination.payload_bytes", "network.protocol", "vonggac.destination.home",
    ),
    "http": ("destination.domain", "destination.port", "network.transport", "vonggac.http.ordinal", "http.request.body.bytes",
             "http.response.body.bytes", "vonggac.destination.home"),
}  # fmt: skip
"""Columns of the datasets that the sums are made from."""

CREATE: Final = (
    """create table pair_hour ("source.ip" varchar, name varchar, "destination.port" integer, "network.transport" varchar,
       hour bigint, contacts bigint, first_at bigint, last_at bigint, failures bigint, "destination.ip" varchar,
       sent bigint, received bigint, protocol varchar, outward boolean, batch integer)""",
    """create table pair_gap ("source.ip" varchar, name varchar, "destination.port" integer, "network.transport" varchar,
       hour bigint, step integer, gaps bigint, seconds double, ln_seconds double)""",
    """create view contact as
       select batch, "@timestamp", epoch_us("@timestamp") as micros, "event.id", "source.ip", "destination.ip",
              coalesce("destination.domain", "destination.ip") as name, "destination.port", "network.transport",
              ("vonggac.flow.state" in ('S0', 'REJ') or "vonggac.flow.state" like 'RST%' and
               coalesce("vonggac.destination.payload_bytes", 0) = 0)::integer as failed,
              "vonggac.source.payload_bytes" as sent, "vonggac.destination.payload_bytes" as received,
              "network.protocol" as protocol, goes_out("vonggac.destination.home", "source.ip", "destination.ip") as outward
       from raw_flow where "network.transport" in ('tcp', 'udp')
       union all
       select batch, "@timestamp", epoch_us("@timestamp"), "event.id", "source.ip", "destination.ip",
              coalesce("destination.domain", "destination.ip"), "destination.port", "network.transport", 0,
              "http.request.body.bytes", "http.response.body.bytes", 'http',
              goes_out("vonggac.destination.home", "source.ip", "destination.ip")
       from raw_http where "vonggac.http.ordinal" > 0""",
)


TOUCHED_SPAN: Final = "select min(hour) as first, max(hour) as last from touched"
"""The hours in which ``touch`` found something new; null when there was nothing."""


def touch(done: int) -> list[str]:
    """SQL that finds the cells that loads later than batch ``done`` have touched."""
    return [
        f"""create or replace temp table touched as
            select distinct {KEY}, micros // {HOUR} as hour from contact where batch > {done}"""
    ]


def refresh(first: int, last: int, batch: int) -> list[str]:
    """SQL that makes the touched cells true again, all of which lie in the hours ``first`` to ``last``; ``batch``: the last load.

    Only the events of these hours are read: what lies before does not make it dearer.
    """
    cells = f"{KEY}, hour"
    span = f'"@timestamp" >= make_timestamp({first * HOUR}) and "@timestamp" < make_timestamp({(last + 1) * HOUR})'
    return [
        _forget("pair_hour"),
        _forget("pair_gap"),
        f"""create or replace temp table held as
            select contact.*, micros // {HOUR} as hour, (micros - lag(micros) over cell) / 1e6 as gap
            from (select * from contact where {span}) as contact
            semi join touched on {_same("contact", f"contact.micros // {HOUR}")}
            window cell as (partition by {KEY}, micros // {HOUR} order by micros)""",
        f"""insert into pair_hour select {cells}, count(*), min(micros), max(micros), sum(failed), min("destination.ip"),
            sum(sent), sum(received), min(protocol), bool_and(outward), {batch} from held group by {cells}""",
        f"""insert into pair_gap select {cells}, floor(ln(gap) / 0.05)::integer as step, count(*), sum(gap), sum(ln(gap))
            from held where gap >= 0.5 group by {cells}, step""",
    ]


def changed(first: int, last: int, since: int) -> str:
    """The part of a WITH clause that shows the roll-ups of hours ``first`` to ``last`` (excluded), pairs that changed only."""
    where = f"hour >= {first} and hour < {last}"
    parts = [
        f"changed_pair as materialized (select distinct {KEY} from main.pair_hour where {where} and batch > {since})"
    ]
    for name in COLUMNS:
        same = " and ".join(f"{name}.{column} is not distinct from changed_pair.{column}" for column in KEY.split(", "))
        parts.append(
            f"{name} as materialized (select {name}.* from main.{name} as {name} semi join changed_pair on {same} where {where})"
        )
    return ", ".join(parts)


def _forget(table: str) -> str:
    return f"delete from {table} using touched where {_same(table, f'{table}.hour')}"


def _same(table: str, hour: str) -> str:
    columns = [f"{table}.{column} is not distinct from touched.{column}" for column in KEY.split(", ")]
    return " and ".join([*columns, f"{hour} = touched.hour"])
