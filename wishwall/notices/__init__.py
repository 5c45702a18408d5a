"""The inbox: what happened to my wish and my claim, in plain words with a link.

A notice is made from a trail row for one person. Features teach the inbox their sentences with
`words.learn`, so that this package knows none of them.
"""
