"""Tables in, findings out: case tables, strata, and one module a kind of study.

Not here: what the findings mean for a claim's scope or the rubric (see `assessment`).
"""
