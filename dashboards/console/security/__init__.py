"""Who may enter, and how the browser is told to behave."""
