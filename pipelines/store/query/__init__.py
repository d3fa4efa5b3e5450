"""Lucene syntax over the dotted field names: text → ``tree`` → the language of a store.

>>> condition = parse('dns.question.name:*.example.org AND NOT source.ip:10.20.0.0/16')
>>> sql, parameters = duck.where(condition, "dns", duck.Parameters())

What differs from Lucene, because people here look for needles and never rank: words that follow each other must all
hold (AND), keywords match whole values whatever their case, regular expressions, ``~`` and ``^`` are refused, and
addresses may be written as they are (``source.mac:00:1b:21:3c:9d:02``, ``source.ip:fe80::1``, ``url.path:/admin/*``).
"""

from pipelines.store.query.syntax import parse

__all__ = ["parse"]
