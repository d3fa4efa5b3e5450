"""Names made by an algorithm, and other reasons for many names that do not exist."""

from __future__ import annotations

from random import Random

from scenarios.protocols.dns import NXDOMAIN, Record, lookup
from scenarios.protocols.tls_connection import visit
from scenarios.registry import one_of, scenario
from scenarios.scene import Scene
from scenarios.sites import DOMAIN, SITES

LETTERS = "abcdefghijklmnopqrstuvwxyz"
SYLLABLES = tuple(a + b for a in "bcdfghklmnprstv" for b in "aeiou")
WORDS = (
    "north", "river", "paper", "green", "market", "simple", "window", "travel", "bright", "garden", "number", "silver",
    "cloud", "engine", "forest", "harbor", "island", "mirror", "orange", "pocket", "quiet", "rocket", "summer",
)  # fmt: skip
STYLES = ("random", "hex", "syllables", "words")


@scenario("dga")
def dga(
    scene: Scene,
    *,
    names: int = 60,
    nxdomain: float = 0.97,
    style: str = "random",
    length: int = 14,
    tlds: tuple[str, ...] = ("com", "net", "org", "info", "biz", "top"),
    rate: float = 1.0,
    repeats: int = 1,
    connect: bool = True,
) -> None:
    """An implant tries the names of the day until one exists.

    names: how many
    nxdomain: share that does not exist
    style: random, hex, syllables or words
    length: characters of a name (words: about)
    tlds: top-level domains
    rate: names a second
    repeats: lookups of each name
    connect: what exists is called
    """
    one_of("style", style, STYLES)
    rng, when = scene.rng, scene.start
    for number in range(names):
        name = f"{made_up(rng, style, length)}.{tlds[number % len(tlds)] if len(tlds) < 3 else rng.choice(tlds)}"
        exists = rng.random() >= nxdomain
        answers = [Record("A", scene.address(name))] if exists else []
        for _ in range(repeats):
            lookup(scene, scene.actor, name, when, answers=answers, rcode=0 if exists else NXDOMAIN, delay=0.02)
            when += rng.uniform(0.4, 1.6) / rate
        if exists and connect:
            visit(scene, scene.actor, scene.address(name), when, [(300, 400)], profile="windows", name=name)


@scenario("search-suffixes")
def search_suffixes(
    scene: Scene, *, count: int = 80, rate: float = 1.0, suffixes: tuple[str, ...] = (DOMAIN, f"vp.{DOMAIN}")
) -> None:
    """A resolver library tries the office's search suffixes behind outside names: NXDOMAIN, but under one domain.

    count: names
    rate: names a second
    suffixes: what is appended
    """
    rng, when = scene.rng, scene.start
    for _ in range(count):
        site = rng.choice(SITES)
        for suffix in suffixes:
            lookup(scene, scene.actor, f"{site}.{suffix}", when, rcode=NXDOMAIN)
            when += 0.01
        lookup(scene, scene.actor, site, when, answers=[Record("A", scene.address(site))])
        when += rng.expovariate(rate)


@scenario("probe-names")
def probe_names(scene: Scene, *, starts: int = 8) -> None:
    """A browser asks for three single-label random names at each start, to learn whether the network lies.

    starts: how often it is started
    """
    rng, when = scene.rng, scene.start
    for _ in range(starts):
        for _ in range(3):
            name = "".join(rng.choices(LETTERS, k=rng.randint(7, 15)))
            lookup(scene, scene.actor, name, when, rcode=NXDOMAIN)
            when += 0.02
        when += rng.expovariate(1 / 120)


@scenario("mistyped-names")
def mistyped_names(scene: Scene, *, names: int = 25, nxdomain: float = 0.9, rate: float = 0.1, tld: str = "vn") -> None:
    """Names of real words, some of them dead (old links, typing): they read like names.

    names: how many
    nxdomain: share that does not exist
    rate: names a second
    tld: their top-level domain
    """
    rng, when = scene.rng, scene.start
    for _ in range(names):
        site = rng.choice(SITES).removeprefix("www.").split(".")[0]
        at = rng.randrange(len(site))
        name = f"{site[:at]}{site[at + 1 :] if rng.random() < 0.5 else site[at] + site[at:]}.{tld}"
        exists = rng.random() >= nxdomain
        answers = [Record("A", scene.address(name))] if exists else []
        lookup(scene, scene.actor, name, when, answers=answers, rcode=0 if exists else NXDOMAIN)
        when += rng.expovariate(rate)


def made_up(rng: Random, style: str, length: int) -> str:
    """A name without its top-level domain."""
    if style == "hex":
        return "".join(rng.choices("0123456789abcdef", k=length))
    if style == "syllables":
        return "".join(rng.choices(SYLLABLES, k=(length + 1) // 2))[:length]
    if style == "words":
        return "".join(rng.sample(WORDS, k=max(2, length // 6)))
    return "".join(rng.choices(LETTERS, k=length))
