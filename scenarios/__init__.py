"""Synthetic traffic: programs that write capture files for the demo, drills, rule cases and tests.

This is a program of its own (``python -m scenarios``): it uses scapy, which is GPL, and nothing else imports it.
"""
