"""The rhythm of a working day: who does what, when."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from scenarios.clock import DAY, HOUR, MINUTE, periodic
from scenarios.office import work
from scenarios.office.staff import Office, Seat

Act = Callable[[Office, Seat, float], float]
MORNING, NOON, AFTERNOON, EVENING = 7.25 * HOUR, 11.5 * HOUR, 13.25 * HOUR, 17.0 * HOUR
"""Local times of day between which people work."""
DAILY: tuple[tuple[Act, float], ...] = (
    (work.read_page, 6.5),
    (work.letters, 2.6),
    (work.shared_files, 1.4),
    (work.documents_system, 1.5),
    (work.print_out, 0.4),
    (work.telemetry, 1.6),
    (work.clock, 2.0),
)
"""Acts and how often a person or machine does each in a day, on average."""
UPDATE_CHECK = 3 * HOUR
MEETINGS = ((0, 8.5 * HOUR), (1, 14.0 * HOUR))
"""Day and local time of the office's conferences."""
IN_MEETING = (1, 4, 9, 12, 16, 22, 27, 31)
OUTSIDE_MEETING = (2, 14, 29)
"""Numbers of the machines that take part."""


def two_days(office: Office, midnight: float) -> None:
    """Everything that is as it should be; ``midnight`` is the start of the first day, local time."""
    for day in (0, 1):
        start = midnight + day * DAY
        for seat in office.seats:
            _working_day(office, seat, start, day)
    for day, hour in MEETINGS:
        for number in IN_MEETING:
            work.conference(
                office, office.seat(number), midnight + day * DAY + hour + office.scene.rng.uniform(-90, 120)
            )
    for number in OUTSIDE_MEETING:
        work.outside_conference(
            office, office.seat(number), midnight + DAY + 9 * HOUR + office.scene.rng.uniform(0, 200)
        )


def _working_day(office: Office, seat: Seat, start: float, day: int) -> None:
    rng = office.scene.rng
    arrival = start + MORNING + rng.gauss(10, 9) * MINUTE
    leaving = start + EVENING + rng.gauss(0, 12) * MINUTE
    if seat.left_on and day:
        work.log_on(office, seat, arrival)
    else:
        work.switch_on(office, seat, arrival)
    for act, often in DAILY:
        for when in moments(office, arrival + 4 * MINUTE, start, leaving, often):
            act(office, seat, when)
    end = start + DAY + MORNING if seat.left_on and not day else leaving
    first = arrival + rng.uniform(2, 40) * MINUTE
    for when in periodic(rng, first, UPDATE_CHECK, 0.15, 8):
        if when < end:
            work.ask_for_updates(office, seat, when)
    if day == seat.number % 2:
        work.update(office, seat, arrival + rng.uniform(0.4, 5) * HOUR)
    if leaving > arrival + 4 * HOUR:
        work.renew(office, seat, arrival + 4 * HOUR)


def moments(office: Office, first: float, midnight: float, last: float, often: float) -> Iterator[float]:
    """About ``often`` moments of work, in sittings; nobody works at noon."""
    rng = office.scene.rng
    count = int(often) + (rng.random() < often % 1) + rng.choice((-1, 0, 0, 1)) * (often >= 2)
    when = rng.uniform(first, last)
    for _ in range(count):
        when = when + rng.lognormvariate(3.4, 1.0) if rng.random() < 0.4 else rng.uniform(first, last)
        of_day = when - midnight
        if NOON < of_day < AFTERNOON:
            when += (AFTERNOON - NOON) * rng.choice((-1, 1))
        if first <= when <= last:
            yield when
