"""The working life of infected machines and violations: cases, from the first alert to verified clean."""
