"""Merchants: shops that give couriers a discount or something free, and the vouchers for it.

A keeper checks what a shop offers before anybody sees it; a shop is shown while one of its offers
has been approved. An offer without a quota needs no voucher; one with a quota is taken by a
voucher, which holds its place in the courier's quota and in the shop's supply until it expires
or is given back, and for good once it is redeemed.

    offer:    waiting ──approve──▶ live ◀──resume/pause──▶ paused      waiting ▶ asked ▶ waiting
                 ▲                   │                        │        waiting | asked ▶ refused
                 └───────────────── edit ─────────────────────┘
    voucher:  live ──redeem──▶ used    live ▶ expired | void    expired ──redeem, noted──▶ used
"""
