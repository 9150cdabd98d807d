"""The roles of organisations in the words of the pages."""

from dataclasses import dataclass

from kb.documents import Role


@dataclass(frozen=True, slots=True)
class RoleWords:
    """What a page calls a role.

    `heading` stands over an organisation's documents and `held` over their number; `noun` is one of
    them, `verb` what the organisation did with it, `whom` the organisation seen from them.
    """

    heading: str
    held: str
    noun: str
    verb: str
    whom: str


ROLE_WORDS = {
    Role.RECIPIENT: RoleWords(
        "Received", "Reports received", "PFD report", "received", "they were sent to"
    ),
    Role.RESPONDENT: RoleWords(
        "Answered", "Responses written", "response", "wrote", "that wrote them"
    ),
    Role.OWNER: RoleWords("Owns plans", "Plans owned", "action plan", "owns", "that owns them"),
    Role.AUTHOR: RoleWords(
        "Wrote", "Other documents written", "other document", "wrote", "that wrote them"
    ),
    Role.MENTIONED: RoleWords(
        "Named in", "Only named in", "document", "is only named in", "that they only name"
    ),
}
"""Every role; `Role.MENTIONED` is never added to another."""
