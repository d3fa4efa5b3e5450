"""``python -m benchmarks.window``: a busy site's live detection, all rules on, with millions of flows in the window.

Fills the engines with a day of flows of an office network, then feeds the next minutes at a steady rate as the pipeline does
(enriched segments, then the clock) and prints JSON: events fed, CPU seconds of the whole process tree for them, memory.
The traffic is made by SQL from numbers: machines with habits, a few servers that everybody uses and many that few use.
"""

from __future__ import annotations

import argparse
import json
import resource
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import duckdb
import pyarrow as pa

from benchmarks.measure import cpu_of_tree, memory_of_tree
from collectors.segment import Segment
from pipelines.settings import load
from schema import DATASETS
from vonggac import run

START: Final = 1_762_041_600_000_000
"""2025-11-02 00:00 UTC in µs."""
DAY: Final = 86_400_000_000
MINUTE: Final = 60_000_000
MACHINES: Final = 500
CHUNK: Final = 50_000
"""Events of a segment, as the sensor closes them."""
SHARES: Final = {"flow": 0.52, "dns": 0.30, "http": 0.06, "tls": 0.12}
"""Of the events of an office, by dataset."""
_COMMON: Final = """
  make_timestamptz({start} + (i * {step})::bigint) as "@timestamp", '{dataset}-' || (i + {first}) as "event.id",
  '{dataset}' as "event.dataset", 'f' || (i + {first}) as "vonggac.flow.id", client as "source.ip",
  1024 + hash(i, 3) % 60000 as "source.port", server as "destination.ip", '00:00:5e:00:53:01' as "source.mac",
  true as "vonggac.source.home", inside as "vonggac.destination.home", case when inside then 'internal' else 'outbound' end
  as "network.direction", domain as "destination.domain", registered as "destination.registered_domain" """
_WHO: Final = """
  with n as (select i, hash(i + {first}, 1)::ubigint as a, hash(i + {first}, 2)::ubigint as b, hash(i + {first}, 4)::ubigint as c
    from range({count}) t(i)),
  w as (select *, '10.20.' || (a % {machines}) // 250 || '.' || 2 + (a % {machines}) % 250 as client,
    -- half of the calls go to forty popular places, the others to what this machine usually calls
    case when b % 2 = 0 then b // 2 % 40 else 40 + (a % {machines} * 37 + b // 2 % 60) % 8000 end as place, b % 10 = 9 as inside,
    c from n),
  e as (select *, case when inside then '10.20.10.' || 2 + place % 20 else '198.18.' || place // 250 || '.' || 2 + place % 250
    end as server, case when inside then null else 'www.site' || place || '.example' end as domain,
    case when inside then null else 'site' || place || '.example' end as registered from w)
  select {common}, {own} from e"""
_OWN: Final = {
    "flow": """'tcp' as "network.transport", case when inside then 445 when c % 5 = 0 then 80 else 443 end as "destination.port",
      case when inside then 'smb' when c % 5 = 0 then 'http' else 'tls' end as "network.protocol", 900 + c % 4000 as
      "source.bytes",      8 + c % 30 as "source.packets", 2000 + c % 90000 as "destination.bytes",
      9 + c % 70 as "destination.packets",
      500 + c % 3000 as "vonggac.source.payload_bytes", 1500 + c % 80000 as "vonggac.destination.payload_bytes",
      case when c % 50 = 0 then 'S0' else 'SF' end as "vonggac.flow.state", (c % 60) * 250000000 as "event.duration",
      'ShADadFf' as "vonggac.flow.history", 'fin' as "vonggac.flow.end_reason" """,
    "dns": """'udp' as "network.transport", 53 as "destination.port", 'dns' as "network.protocol", 'answer' as "dns.type",
      coalesce(domain, 'srv' || place || '.tinhuy.local') as "dns.question.name", 'A' as "dns.question.type",
      coalesce(registered, 'tinhuy.local') as "dns.question.registered_domain", 'www' as "dns.question.subdomain",
      case when c % 40 = 0 then 'NXDOMAIN' else 'NOERROR' end as "dns.response_code", [server] as "dns.resolved_ip" """,
    "http": """'tcp' as "network.transport", 80 as "destination.port", '1.1' as "http.version", 'GET' as "http.request.method",
      '/a/' || c % 900 || '.html?id=' || c % 10000 as "url.original", coalesce(domain, server) as "url.domain", 80 as "url.port",
      '/a/' || c % 900 || '.html' as "url.path", 200 as "http.response.status_code", 2000 + c % 9000 as
      "http.response.body.bytes",
      'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/' || 100 + a % 30 as "user_agent.original",
      ['Host', 'User-Agent', 'Accept', 'Referer'] as "vonggac.http.request.header_names", 0 as "vonggac.http.ordinal",
      'text/html' as "http.response.mime_type" """,
    "tls": """'tcp' as "network.transport", 443 as "destination.port", 'tls' as "network.protocol", '1.3' as "tls.version",
      domain as "tls.client.server_name", md5('j' || a % 30) as "tls.client.ja3", 't13d1516h2_8daaf6152771_' ||
      lpad((a % 30)::varchar, 12, '0') as "tls.client.ja4", true as "tls.established", 'h2' as "tls.next_protocol" """,
}


def events(dataset: str, first: int, count: int, start: int, span: int) -> pa.Table:
    """``count`` events spread evenly over ``span`` µs from ``start``, in the columns of the dataset."""
    common = _COMMON.format(start=start, step=span / max(count, 1), dataset=dataset, first=first)
    sql = _WHO.format(first=first, count=count, machines=MACHINES, common=common, own=_OWN[dataset])
    made = duckdb.sql(sql).to_arrow_table()
    schema = DATASETS[dataset]
    columns = [
        made.column(field.name).cast(field.type, safe=False)
        if field.name in made.column_names
        else pa.nulls(count, field.type)
        for field in schema
    ]
    return pa.table(columns, schema=schema)


def minutes(first: int, number: int, rate: float) -> Iterator[list[Segment]]:
    """The segments of each of ``number`` minutes from minute ``first`` on, at ``rate`` events a second."""
    for minute in range(first, first + number):
        start = START + minute * MINUTE
        tables = {
            dataset: events(dataset, minute * 1_000_000, max(1, int(rate * 60 * share)), start, MINUTE)
            for dataset, share in SHARES.items()
        }
        pieces = max(1, -(-sum(table.num_rows for table in tables.values()) // CHUNK))
        yield [
            Segment(
                f"bench-{minute}-{piece}",
                "bench",
                {name: _piece(table, piece, pieces) for name, table in tables.items()},
                start + MINUTE * (piece + 1) // pieces,
            )
            for piece in range(pieces)
        ]


def _piece(table: pa.Table, piece: int, pieces: int) -> pa.Table:
    size = -(-table.num_rows // pieces)
    return table.slice(piece * size, size)


def measure(flows: int, rate: float, number: int) -> dict[str, Any]:
    """Fill, then feed ``number`` minutes; figures of the fresh minutes only."""
    settings = load(None)
    with tempfile.TemporaryDirectory() as cache:
        engines = run.engines(settings, Path(cache))
        try:
            filled = _fill(engines, flows)
            clock = START + DAY
            for engine in engines.values():
                engine.advance(clock)
            made = list(minutes(24 * 60, number, rate))
            before, wall = cpu_of_tree(), time.perf_counter()
            fed = findings = 0
            for segments in made:
                for segment in segments:
                    fed += segment.events
                    for engine in engines.values():
                        findings += len(engine.feed(segment))
                for engine in engines.values():
                    findings += len(engine.advance(segments[-1].clock))
            cpu, wall = cpu_of_tree() - before, time.perf_counter() - wall
            wrong = [str(error) for engine in engines.values() for error in engine.errors]
            memory = memory_of_tree()
        finally:
            for engine in engines.values():
                engine.close()
    return {
        "flows": filled, "events": fed, "minutes": number, "cpu_seconds": cpu, "seconds": wall, "findings": findings,
        "events_per_cpu_second": fed / cpu, "megabytes": memory / (1 << 20), "errors": wrong,
        "own_peak_megabytes": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
    }  # fmt: skip


def _fill(engines: dict[str, Any], flows: int) -> int:
    """A day that ends where the fresh minutes begin."""
    done, step = 0, 250_000
    while done < flows:
        count = min(step, flows - done)
        start, span = START + DAY * done // flows, DAY * count // flows
        tables = {"flow": events("flow", 2_000_000_000 + done, count, start, span)}
        segment = Segment(f"fill-{done}", "bench", tables, start + span)
        for engine in engines.values():
            engine.feed(segment)
            engine.advance(segment.clock)
        done += count
    return done


def main() -> int:
    """Print the figures."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.window", description=__doc__)
    parser.add_argument("--flows", type=int, default=5_000_000, help="flows in the window (5,000,000)")
    parser.add_argument("--rate", type=float, default=5_000, help="fresh events a second of packet time (5,000)")
    parser.add_argument("--minutes", type=int, default=3, help="fresh minutes (3)")
    asked = parser.parse_args()
    json.dump(measure(asked.flows, asked.rate, asked.minutes), sys.stdout)
    sys.stdout.write("\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
