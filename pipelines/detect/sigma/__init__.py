"""Sigma rules over fresh events, converted to DuckDB."""
