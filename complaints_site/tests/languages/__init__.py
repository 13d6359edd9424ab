"""The public pages in other languages: complete, right, and fit to be used."""
