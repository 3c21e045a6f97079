"""The docs: what is generated for them, and the site."""
