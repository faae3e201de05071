"""Speed as ratios: each measurement stands beside the bare engine that does the same work in the same run."""
