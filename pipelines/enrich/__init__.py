"""What is known about the ends of every event: home or outside, zone, unit, name, and which machine it was."""

from pipelines.enrich.enricher import Enricher
from pipelines.enrich.inventory import Inventory
from pipelines.enrich.machine import KnownMachine

__all__ = ["Enricher", "Inventory", "KnownMachine"]
