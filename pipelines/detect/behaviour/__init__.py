"""Behaviour rules: heuristics as data, SQL over windows of event time."""
