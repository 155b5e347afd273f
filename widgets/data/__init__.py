"""The Data app: files in, what was read, what is missing, and whom codes mean."""
