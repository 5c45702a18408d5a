"""The directory of warm stations: where they are, when they are open, what they offer.

A station's `code`, such as TY050001, is printed on its door and never changes. Hours are kept
as the city writes them and read by `hours`. Places are WGS-84; `places` turns them into what
Chinese maps expect. `importing` brings a city's spreadsheet in, whole or not at all.
"""
