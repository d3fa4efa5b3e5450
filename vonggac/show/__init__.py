"""How results look: a table in the terminal, a page, a progress bar."""
