"""The register of organisations: one name for each body, its kind, its spellings, who came after.

The register is data (corpus/organisations.yaml). It says what is known of a name; reading the
words of a form, and deciding whether a spelling is one of these, is the business of ingest.
"""

import functools
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from kb.settings import corpus_folder
from kb.shipped import read_yaml


class OrganisationKind(StrEnum):
    """What sort of body an organisation is; `HOSPITAL` is a place named instead of its trust."""

    NHS_TRUST = "nhs_trust"
    AMBULANCE_TRUST = "ambulance_trust"
    HOSPITAL = "hospital"
    HEALTH_BOARD = "health_board"
    ICB = "icb"
    CCG = "ccg"
    COUNCIL = "council"
    POLICE = "police"
    FIRE_SERVICE = "fire_service"
    PRISON = "prison"
    PROBATION = "probation"
    GOVERNMENT_DEPARTMENT = "government_department"
    ARMS_LENGTH_BODY = "arms_length_body"
    REGULATOR = "regulator"
    PROFESSIONAL_BODY = "professional_body"
    PRIVATE_PROVIDER = "private_provider"
    CHARITY = "charity"
    OTHER = "other"

    @property
    def label(self) -> str:
        """The kind as a person reads it."""
        return _LABELS.get(self, self.value.replace("_", " ").capitalize())


_LABELS = {
    OrganisationKind.NHS_TRUST: "NHS trust",
    OrganisationKind.ICB: "Integrated care board",
    OrganisationKind.CCG: "Clinical commissioning group",
    OrganisationKind.POLICE: "Police force",
    OrganisationKind.PRISON: "Prison service",
    OrganisationKind.PROBATION: "Probation service",
    OrganisationKind.ARMS_LENGTH_BODY: "Arm's length body",
    OrganisationKind.PRIVATE_PROVIDER: "Private provider or company",
    OrganisationKind.OTHER: "Other organisation",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Organisation:
    """One body of the register.

    `since` and `until` are partial dates ("2022-06"), None where not known or still in being.
    `successor` is the name of the body that took its place; a predecessor counts under its own
    name. `aliases` are other spellings, without those that follow from the kind.
    """

    name: str
    kind: OrganisationKind
    aliases: tuple[str, ...] = ()
    successor: str | None = None
    since: str | None = None
    until: str | None = None


@functools.cache
def organisations() -> dict[str, Organisation]:
    """Return the register by name, in its own order."""
    return {
        name: Organisation(
            name=name,
            kind=OrganisationKind(kind),
            **{**facts, "aliases": tuple(facts.get("aliases", ()))},
        )
        for kind, bodies in _register()["organisations"].items()
        for name, facts in bodies.items()
    }


@functools.cache
def ambiguous_names() -> dict[str, tuple[Organisation, ...]]:
    """Return the names that stand for several bodies, with those of the register it may be."""
    register = organisations()
    return {
        name: tuple(register[candidate] for candidate in candidates)
        for name, candidates in _register()["ambiguous"].items()
    }


def organisation(name: str) -> Organisation | None:
    """Return the body that goes by exactly this name in the register, None where none does."""
    return organisations().get(name)


def successors(one: Organisation) -> tuple[Organisation, ...]:
    """Return who came after a body, the next first and the last one standing at the end."""
    following: list[Organisation] = []
    current = one
    while current.successor is not None:
        current = organisations()[current.successor]
        following.append(current)
    return tuple(following)


@functools.cache
def predecessors(name: str) -> tuple[Organisation, ...]:
    """Return the bodies that a name of the register took the place of, directly, by name."""
    found = (each for each in organisations().values() if each.successor == name)
    return tuple(sorted(found, key=lambda each: each.name))


@functools.cache
def _register() -> Any:
    return read_yaml(corpus_folder() / "organisations.yaml")
