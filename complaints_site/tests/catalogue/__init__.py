"""The catalogues of the public pages: what has to stand in them, and what stands there."""
