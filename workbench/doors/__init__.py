"""Who comes in, and by which door: accounts of staff, codes of classes and learners."""
