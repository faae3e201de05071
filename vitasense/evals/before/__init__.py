"""The figures as they were measured before suites had cases."""
