"""Events in Parquet files, searched by DuckDB: nothing to install, nothing to run.

``catalogue.sqlite`` says which files count and which segments are held; a file that is not in it does not exist. So
one transaction makes a segment visible, or swaps small files for a big one, whatever happens around it.

>>> store = EmbeddedStore(Path("var/events"))
>>> store.append(segment)
True
>>> store.append(segment)                          # a replay changes nothing
False
"""

from pipelines.store.embedded.store import EmbeddedStore

__all__ = ["EmbeddedStore"]
