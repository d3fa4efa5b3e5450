"""What is kept: events (``events``, ``embedded``) and mutable state (``state``)."""
