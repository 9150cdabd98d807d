"""The page families, one blueprint each; their templates stand in a folder of the same name."""

from webui.views import (
    api,
    case,
    clusters,
    documents,
    home,
    judging,
    learning,
    library,
    organisations,
    own_themes,
    quality,
    search,
    themes,
)

BLUEPRINTS = (
    home.pages,
    search.pages,
    documents.pages,
    themes.pages,
    own_themes.pages,
    judging.pages,
    clusters.pages,
    organisations.pages,
    learning.pages,
    case.pages,
    library.pages,
    quality.pages,
    api.pages,
)
