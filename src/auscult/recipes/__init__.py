"""Small real trainings to learn on and to measure with."""
