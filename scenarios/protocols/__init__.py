"""Payload bytes of application protocols, and short exchanges made of them."""
