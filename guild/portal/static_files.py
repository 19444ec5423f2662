"""Static files under names that carry a hash of their content, the modules that modules import included."""

from whitenoise.storage import CompressedManifestStaticFilesStorage

IMPORTS = (
    (
        r"""(?P<matched>import\s+(?P<names>\{[^}]*\})\s+from\s+["'](?P<url>\.[^"']+)["'];)""",
        """import %(names)s from "%(url)s";""",
    ),
)


class HashedStaticFiles(CompressedManifestStaticFilesStorage):
    """As WhiteNoise has it, and our modules' `import { … } from "./other.js";` name the hashed file too.

    Without that a page served just after an upgrade could run a new module with an old one it imports.
    Only files under js/ are read for imports: modules of the libraries name each other in their own way.
    """

    patterns = (*CompressedManifestStaticFilesStorage.patterns, ("js/*.js", IMPORTS))
