"""What a person states: read, kept, changed, told back."""
