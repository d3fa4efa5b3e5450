"""What ``scripts/generate.py`` makes: one module a product, each with ``files() -> dict[path, text]``."""
