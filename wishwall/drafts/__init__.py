"""What a stranger filled in before signing in: kept a day, found by a hashed token, finished once.

A browser may have one draft of each form; its session holds the tokens. What is to be done with a
draft when its author has signed in is the business of the feature whose form it is.
"""
