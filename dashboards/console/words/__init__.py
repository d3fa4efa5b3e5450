"""What people read: catalogues of text, numbers and times in their language."""

from dashboards.console.words.catalogue import LANGUAGES, Language, catalogue
from dashboards.console.words.formats import Formats
from dashboards.console.words.text import Text

__all__ = ["LANGUAGES", "Formats", "Language", "Text", "catalogue"]
