"""Readers of public releases: each gives nodes and edges one after another, and names what it could not take."""
