"""The routes, one file for each page; what they answer with is in ``reading``."""
