"""What people decide about detection: suppress, tune, rehearse, approve, import, roll back."""
