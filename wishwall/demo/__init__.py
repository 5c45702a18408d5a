"""A believable city to look at: invented stations, people and wishes under public place names.

`stations` and `words` hold what is invented, `crowd` the people, `tales` the verbs of a wish's
life told in the past, `lives` which life each wish had, `bulk` the fast writing, `city` all of
it together in the caller's one transaction. The facts agree with each other and with the rules
of the wall, so that time finds nothing overdue: counters, claims, trail and notices are what
the real verbs would have left.

Demo people are known by telephone numbers that begin with 19900. Nothing imports this package
but the command line.
"""
