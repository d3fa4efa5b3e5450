"""Indicators: known-bad addresses, names, hashes and fingerprints from offline files, matched against every event."""
