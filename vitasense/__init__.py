"""VitaSense: a self-hosted personal physician assistant."""
