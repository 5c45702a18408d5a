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
    "offer.list":       "Y   Y   Y   Y   Y   Y   Y   Y",
    "merchant.apply":   "L   Y   Y   Y   N   N   Y   Y",  # a stranger's form is kept until sign-in
    "merchant.approve": "L   N   N   N   N   N   S   Y",  # not one's own shop
    "merchant.edit":    "L   N   N   O   N   N   S   N",  # a keeper while it has no owner
    "merchant.save":    "L   Y   Y   Y   Y   Y   Y   Y",
    "offer.edit":       "L   N   N   O   N   N   N   N",  # goes back to be checked
    "offer.pause":      "L   N   N   O   N   N   S   Y",
    "offer.complain":   "L   Y   N   N   N   N   N   N",
    "gift.give":        "L   N   Y   O   N   N   N   N",  # at any shop, or at one's own
    "gift.receive":     "L   N   N   O   N   N   N   N",  # the shop has been paid
    "gifts.read":       "L   N   O   O   N   N   N   N",
    "voucher.issue":    "L   Y   N   N   N   N   N   N",
    "voucher.view":     "L   O   N   N   N   N   N   N",
    "voucher.redeem":   "L   N   N   O   N   N   N   N",  # sees offer and nickname, nothing else
    "voucher.void":     "L   N   N   N   N   N   R   R",  # a keeper at their own station
    "merchants.read":   "L   N   N   O   N   N   N   N",
    "me.read":          "L   O   O   O   O   O   O   O",
    "claims.read":      "L   N   O   N   O   N   N   N",
    "wishes.read":      "L   O   O   O   O   O   O   O",
    "desk.read":        "L   N   N   N   N   N   S   Y",
    "import.stations":  "L   N   N   N   N   N   N   Y",  # the city's list is the organiser's
    "import.merchants": "L   N   N   N   N   N   N   Y",
    "import.couriers":  "L   N   N   N   N   N   N   Y",  # keepers verify those whom they see
    "courier.verify":   "L   N   N   N   N   N   S   Y",
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
    ("merchants.city", "GET"): "offer.list",
    ("merchants.of_station", "GET"): "offer.list",
    ("merchants.shop", "GET"): "offer.list",
    ("merchants.photo", "GET"): "offer.list",
    ("merchants.new", "GET"): "offer.list",
    ("merchants.register", "POST"): "merchant.apply",
    ("merchants.edit_shop", "GET"): "merchant.edit",
    ("merchants.change_shop", "POST"): "merchant.edit",
    ("merchants.hand_over", "POST"): "merchant.approve",
    ("merchants.approve", "POST"): "merchant.approve",
    ("merchants.ask", "POST"): "merchant.approve",
    ("merchants.refuse", "POST"): "merchant.approve",
    ("merchants.pause", "POST"): "offer.pause",
    ("merchants.resume", "POST"): "offer.pause",
    ("merchants.complain", "POST"): "offer.complain",
    ("merchants.new_offer", "GET"): "offer.edit",
    ("merchants.propose", "POST"): "offer.edit",
    ("merchants.edit_offer", "GET"): "offer.edit",
    ("merchants.edit", "POST"): "offer.edit",
    ("merchants.poster", "GET"): "offer.edit",
    ("merchants.save", "POST"): "merchant.save",
    ("merchants.new_gift", "GET"): "gift.give",
    ("merchants.give", "POST"): "gift.give",
    ("merchants.receive_gift", "POST"): "gift.receive",
    ("merchants.decline_gift", "POST"): "gift.receive",
    ("merchants.my_gifts", "GET"): "gifts.read",
    ("merchants.issue", "POST"): "voucher.issue",
    ("merchants.voucher", "GET"): "voucher.view",
    ("merchants.give_back", "POST"): "voucher.view",
    ("merchants.my_vouchers", "GET"): "voucher.view",
    ("merchants.counter", "GET"): "voucher.redeem",
    ("merchants.redeem", "POST"): "voucher.redeem",
    ("merchants.days", "GET"): "voucher.redeem",
    ("merchants.voids", "GET"): "voucher.void",
    ("merchants.void", "POST"): "voucher.void",
    ("merchants.mine", "GET"): "merchants.read",
    ("desk.front", "GET"): "desk.read",
    ("desk.stations_import", "GET"): "import.stations",
    ("desk.run_stations_import", "POST"): "import.stations",
    ("desk.merchants_import", "GET"): "import.merchants",
    ("desk.run_merchants_import", "POST"): "import.merchants",
    ("desk.couriers", "GET"): "courier.verify",
    ("desk.verify_courier", "POST"): "courier.verify",
    ("desk.run_couriers_import", "POST"): "import.couriers",
    ("desk.people", "GET"): "role.grant",
    ("desk.grant", "POST"): "role.grant",
}

TABLE = Table(
    matrix={
        action: dict(zip(COLUMNS, row.split(), strict=True)) for action, row in ACTIONS.items()
    },
    routes=ROUTES,
)
