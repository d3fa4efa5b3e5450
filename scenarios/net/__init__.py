"""Addresses, headers and transport: how bytes become timed packets on a wire."""
