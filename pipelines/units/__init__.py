"""The organisation: which units there are on a day, who stands above whom, whose addresses are whose.

``tree`` is pure; ``register`` keeps it in the state database.
"""

from pipelines.units.tree import Tree, faults

__all__ = ["Tree", "faults"]
