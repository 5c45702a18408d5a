"""Photos: pictures people add to a wish or a delivery, kept so that they can hurt nobody.

What arrives is decoded, turned upright, shrunk and written anew, in two sizes; the original
bytes are never kept, and with them go place, telephone model, comments and hidden tails. What
cannot be read as one still JPEG, PNG or WebP is refused with a reason. Files carry random
names and lie in the instance folder; the row is the owner, a file without a row is swept away.
"""
