"""Evals: what the service claims about its quality, as figures that anybody can measure again."""
