"""The pages of the visit, a folder each: controls and panels over the functions that notebooks call."""
