"""Speed and memory as ratios inside one run: ``python -m benchmarks --shared SHARED`` (``make bench``)."""
