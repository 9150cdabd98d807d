"""What kind of body an organisation is: by the register, else by the words of its own name.

The register knows about 920 bodies. Reports are also sent to many others, once or twice each, whose
names often tell what they are; the table below says which words tell what. What neither tells is
counted apart, never guessed.
"""

import functools
import re

from kb.errors import UnknownFilterValue
from kb.organisations import OrganisationKind, organisation

GENERAL_PRACTICE = "general_practice"
CARE_HOME = "care_home"
NOT_KNOWN = "not_known"

_NAMES = {
    OrganisationKind.NHS_TRUST: "NHS trusts",
    OrganisationKind.AMBULANCE_TRUST: "Ambulance services",
    OrganisationKind.HOSPITAL: "Hospitals named without their trust",
    OrganisationKind.HEALTH_BOARD: "Health boards",
    OrganisationKind.ICB: "Integrated care boards",
    OrganisationKind.CCG: "Clinical commissioning groups",
    GENERAL_PRACTICE: "General practices",
    CARE_HOME: "Care homes",
    OrganisationKind.COUNCIL: "Councils",
    OrganisationKind.POLICE: "Police",
    OrganisationKind.FIRE_SERVICE: "Fire services",
    OrganisationKind.PRISON: "Prisons and those who run them",
    OrganisationKind.PROBATION: "Probation services",
    OrganisationKind.GOVERNMENT_DEPARTMENT: "Government departments",
    OrganisationKind.ARMS_LENGTH_BODY: "Arm's length bodies",
    OrganisationKind.REGULATOR: "Regulators and inspectorates",
    OrganisationKind.PROFESSIONAL_BODY: "Professional bodies",
    OrganisationKind.PRIVATE_PROVIDER: "Private providers and companies",
    OrganisationKind.CHARITY: "Charities",
    OrganisationKind.OTHER: "Other organisations of the register",
    NOT_KNOWN: "Kind not known",
}
KINDS: dict[str, str] = {str(key): name for key, name in _NAMES.items()}
"""Every kind and what a table calls it, in the order of the register's documentation."""

BY_NAME: tuple[tuple[str, str], ...] = (
    # The Prison Officers Association is no prison.
    (NOT_KNOWN, r"associations?|ombudsman|society|federation"),
    (OrganisationKind.AMBULANCE_TRUST, r"ambulance (?:nhs |service|foundation )"),
    (OrganisationKind.POLICE, r"police|constabulary"),
    (OrganisationKind.FIRE_SERVICE, r"fire (?:and|&) rescue|fire (?:service|brigade|authority)"),
    (OrganisationKind.PRISON, r"hmp|hmps|hmpps|hmyoi|yoi|prisons?"),
    (OrganisationKind.CCG, r"clinical commissioning groups?|ccgs?"),
    (OrganisationKind.ICB, r"integrated care (?:board|system|partnership)s?|icbs?|ics"),
    (OrganisationKind.HEALTH_BOARD, r"health board"),
    (OrganisationKind.NHS_TRUST, r"nhs (?:\w+ )*trusts?|foundation trust|hospitals? trust"),
    (
        OrganisationKind.COUNCIL,
        r"(?:county|city|borough|district|town|parish|community|metropolitan|unitary) council"
        r"|local authorit(?:y|ies)|london borough",
    ),
    (CARE_HOME, r"(?:care|nursing|residential|rest) homes?|care centre|residential care"),
    (
        GENERAL_PRACTICE,
        r"surger(?:y|ies)|medical (?:centre|practice|group|partnership)|health centre"
        r"|(?:group|general|family|gp) practice",
    ),
    (OrganisationKind.PRIVATE_PROVIDER, r"ltd|limited|plc|llp|inc"),
    (OrganisationKind.HOSPITAL, r"hospitals?|infirmary"),
)
"""(kind, words that tell it): the first that a name holds, as whole words, decides."""

_PATTERNS = tuple((str(kind), re.compile(rf"\b(?:{words})\b", re.I)) for kind, words in BY_NAME)


@functools.lru_cache(maxsize=20_000)
def kind_of(name: str) -> str:
    """Return the key in `KINDS` of an organisation; `NOT_KNOWN` where nothing tells."""
    known = organisation(name)
    if known is not None:
        return str(known.kind)
    return next((kind for kind, words in _PATTERNS if words.search(name)), NOT_KNOWN)


def kind_named(key: str) -> str:
    """Return a kind's name for tables. Raises `UnknownFilterValue`."""
    try:
        return KINDS[key]
    except KeyError:
        known = ", ".join(KINDS)
        raise UnknownFilterValue(
            f"There is no kind of organisation '{key}'. The kinds are: {known}."
        ) from None
