"""Comparisons measured side by side in one run; never timed tests, since machines are noisy."""
