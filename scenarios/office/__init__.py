"""A small office: forty machines on one segment for two days, with four of them in trouble or with none."""
