"""YARA rules on the files that crossed the network."""
