"""Rule sets of other people: read safely, taken over as far as they apply, and told rule by rule."""
