"""An adversary in place of the language model, and what watches over what it achieves."""
