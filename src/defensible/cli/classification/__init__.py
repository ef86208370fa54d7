"""What `defensible classify` says to a person, in 80 columns.

Not here: any rule, or anything that is computed (see `regulation`).
"""
