"""Tables that a mapping says how to read: ours, a school's own, and those of vendors whose files are plain."""
