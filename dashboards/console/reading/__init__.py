"""What the pages ask of the stores; each answer is a model that the template shows and the API gives."""
