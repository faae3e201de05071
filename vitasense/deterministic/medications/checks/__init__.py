"""The checks of a list of medicines, one file each."""
