"""Static files under names that carry a hash of their content, the modules that modules import included."""

from django.http import HttpRequest, HttpResponse
from whitenoise.middleware import WhiteNoiseMiddleware
from whitenoise.responders import StaticFile
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


class StaticFiles(WhiteNoiseMiddleware):
    """WhiteNoise, answering with a file's bytes.

    It answers with an open file, which Django's ASGI handler reads whole before it sends any of it, with a
    warning in the log. Ours are small.
    """

    @staticmethod
    def serve(static_file: StaticFile, request: HttpRequest) -> HttpResponse:
        """The file, a part of it, or that it has not changed, under the headers WhiteNoise chose."""
        found = static_file.get_response(request.method, request.META)
        content = b""
        if found.file is not None:
            with found.file:
                content = found.file.read()
        answer = HttpResponse(content, status=int(found.status))
        del answer["content-type"]
        for name, value in found.headers:
            answer[name] = value
        return answer
