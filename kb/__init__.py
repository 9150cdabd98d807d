"""The heart of pfd-kb: domain types, the store, the command line that puts the stages together.

Source -> Document -> Section -> Passage -> ThemeTag -> vector -> index -> SearchHit -> page
"""

__version__ = "0.1.0"
