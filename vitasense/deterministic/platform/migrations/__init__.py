"""The one migration tree; each revision is a SQL script run as the owner."""
