"""Suricata's signatures, translated to rules about single events."""
