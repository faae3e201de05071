"""Demo patients, their accounts and what they share."""
