"""Who may do what: the one table. `kit.permissions` explains the letters.

AN anonymous, CO courier, VO volunteer, ME merchant, DE department, GR grid worker,
ST station keeper, CA city organiser. An action that is not here does not exist; a route that is
not here is closed.
"""

from wishwall.kit.permissions import Table

COLUMNS = ("AN", "CO", "VO", "ME", "DE", "GR", "ST", "CA")

#                        AN  CO  VO  ME  DE  GR  ST  CA
ACTIONS = {
    "station.read":     "Y   Y   Y   Y   Y   Y   Y   Y",
    "wish.list":        "Y   Y   Y   Y   Y   Y   Y   Y",
    "wish.create":      "L   Y   N   N   N   N   S   N",  # a keeper for a courier at the counter
    "wish.edit":        "L   O   N   N   N   N   N   N",
    "wish.withdraw":    "L   O   N   N   N   N   S   N",
    "wish.claim":       "L   N   Y   N   Y   N   N   N",
    "wish.release":     "L   N   A   N   A   N   S   N",
    "wish.extend":      "L   N   A   N   A   N   N   N",
    "wish.done":        "L   N   A   N   A   N   N   N",
    "wish.contact":     "L   N   A   N   A   N   N   N",  # the author has their own number already
    "wish.confirm":     "L   O   N   N   N   N   S   N",
    "wish.reopen":      "L   O   N   N   N   N   N   N",
    "wish.report":      "L   Y   Y   Y   Y   Y   Y   Y",
    "wish.moderate":    "L   N   N   N   N   N   S   Y",
    "wish.thread":      "L   O   A   N   A   N   N   N",  # notes and pictures of a delivery
    "me.read":          "L   O   O   O   O   O   O   O",
    "claims.read":      "L   N   O   N   O   N   N   N",
    "wishes.read":      "L   O   O   O   O   O   O   O",
    "desk.read":        "L   N   N   N   N   N   S   Y",
    "import.stations":  "L   N   N   N   N   N   N   Y",  # the city's list is the organiser's
    "role.grant":       "L   N   N   N   N   N   N   R",
}  # fmt: skip

ROUTES = {
    ("static", "GET"): "public",
    ("home.front", "GET"): "public",
    ("home.healthz", "GET"): "public",
    ("home.readyz", "GET"): "public",
    ("home.hall", "GET"): "station.read",
    ("stations.index", "GET"): "station.read",
    ("accounts.sign_in", "GET"): "public",
    ("accounts.try_sign_in", "POST"): "public",
    ("accounts.sign_up", "GET"): "public",
    ("accounts.try_sign_up", "POST"): "public",
    ("accounts.sign_out", "POST"): "public",
    ("accounts.me", "GET"): "me.read",
    ("notices.inbox", "GET"): "me.read",
    ("notices.reading", "POST"): "me.read",
    ("wishes.wall", "GET"): "wish.list",
    ("wishes.post", "POST"): "wish.create",
    ("wishes.city", "GET"): "wish.list",
    ("live.wall", "GET"): "wish.list",
    ("live.the_city", "GET"): "wish.list",
    ("live.mine", "GET"): "me.read",
    ("wishes.wish", "GET"): "wish.list",
    ("wishes.photo", "GET"): "wish.list",
    ("wishes.delivery_photo", "GET"): "wish.thread",
    ("wishes.claim", "POST"): "wish.claim",
    ("wishes.release", "POST"): "wish.release",
    ("wishes.extend", "POST"): "wish.extend",
    ("wishes.deliver", "POST"): "wish.done",
    ("wishes.confirm", "POST"): "wish.confirm",
    ("wishes.reopen", "POST"): "wish.reopen",
    ("wishes.withdraw", "POST"): "wish.withdraw",
    ("wishes.edit", "POST"): "wish.edit",
    ("wishes.report", "POST"): "wish.report",
    ("wishes.contact", "POST"): "wish.contact",
    ("wishes.hide", "POST"): "wish.moderate",
    ("wishes.mine", "GET"): "wishes.read",
    ("wishes.claims", "GET"): "claims.read",
    ("desk.front", "GET"): "desk.read",
    ("desk.stations_import", "GET"): "import.stations",
    ("desk.run_stations_import", "POST"): "import.stations",
    ("desk.people", "GET"): "role.grant",
    ("desk.grant", "POST"): "role.grant",
}

TABLE = Table(
    matrix={
        action: dict(zip(COLUMNS, row.split(), strict=True)) for action, row in ACTIONS.items()
    },
    routes=ROUTES,
)
