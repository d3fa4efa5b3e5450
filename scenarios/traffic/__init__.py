"""One behaviour a module: each registers scenarios that show it, and near misses that only look like it."""
