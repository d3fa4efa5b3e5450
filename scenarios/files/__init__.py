"""Small files of the kinds that travel: valid in structure, harmless in content."""
