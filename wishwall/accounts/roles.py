"""The roles that people act in, and what each lets them be."""

from collections.abc import Sequence
from typing import Protocol

from wishwall.kit.permissions import Standing

COURIER, VOLUNTEER, MERCHANT = "courier", "volunteer", "merchant"
OFFICER, KEEPER, GRID_WORKER, ORGANISER = "officer", "keeper", "grid-worker", "organiser"
COLUMNS = {
    COURIER: "CO",
    VOLUNTEER: "VO",
    MERCHANT: "ME",
    OFFICER: "DE",
    GRID_WORKER: "GR",
    KEEPER: "ST",
    ORGANISER: "CA",
}
GRANTABLE = (KEEPER, GRID_WORKER, OFFICER, ORGANISER)


class AnyRole(Protocol):
    """A role and where it is held."""

    @property
    def kind(self) -> str: ...
    @property
    def station_id(self) -> int | None: ...
    @property
    def department_id(self) -> int | None: ...


class HasRoles(Protocol):
    """Someone with roles."""

    @property
    def roles(self) -> Sequence[AnyRole]: ...


class ActsInRoles:
    """What someone's roles let them be."""

    @property
    def standings(self: HasRoles) -> list[Standing]:
        """The capacities in which they act: columns of the permission table."""
        return [
            Standing(COLUMNS[role.kind], role.station_id, role.department_id) for role in self.roles
        ]

    @property
    def is_courier(self: HasRoles) -> bool:
        return _has(self, COURIER)

    @property
    def is_volunteer(self: HasRoles) -> bool:
        return _has(self, VOLUNTEER)

    @property
    def is_claimant(self: HasRoles) -> bool:
        """Whether they may claim wishes at all."""
        return _has(self, VOLUNTEER, OFFICER)

    @property
    def is_merchant(self: HasRoles) -> bool:
        return _has(self, MERCHANT)

    @property
    def is_keeper(self: HasRoles) -> bool:
        return _has(self, KEEPER)

    @property
    def is_organiser(self: HasRoles) -> bool:
        return _has(self, ORGANISER)

    @property
    def is_staff(self: HasRoles) -> bool:
        return _has(self, KEEPER, ORGANISER)

    @property
    def department_id(self: HasRoles) -> int | None:
        """The department they act for, if any."""
        return next((role.department_id for role in self.roles if role.kind == OFFICER), None)

    def kept_station_ids(self: HasRoles) -> list[int]:
        """The stations of which they are a keeper."""
        return [role.station_id for role in self.roles if role.station_id and role.kind == KEEPER]


def _has(someone: HasRoles, *kinds: str) -> bool:
    return any(role.kind in kinds for role in someone.roles)
