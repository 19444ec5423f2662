"""The pages of refusal: a clear sentence each, and a way on."""

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.urls import reverse

from governance.policies.errors import Denied
from governance.policies.reasons import OF_MEMBERS
from governance.policies.templates import template_behind

API = "/api/"
IN_THE_API = {
    400: "The request was malformed.",
    403: "You are not allowed to do this.",
    404: "It is not there, or not for you.",
    500: "Something went wrong on our side; nothing was half done.",
}


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """400: the request itself was malformed."""
    return _refuse(request, 400)


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """403: visible, but not allowed; the page says which rule and who may."""
    reason = str(exception) if isinstance(exception, PermissionDenied) and str(exception) else ""
    return _refuse(request, 403, reason=reason, article=_article_behind(request, exception))


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """404: it is not there, or not for you; the two look alike."""
    return _refuse(request, 404)


def server_error(request: HttpRequest) -> HttpResponse:
    """500: our fault, and nothing was half done."""
    if request.path.startswith(API):
        return _refuse(request, 500)
    # Without the request: looking up who asks may be what failed.
    return HttpResponse(render_to_string("500.html"), status=500)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """403 for a form from a stale tab or from elsewhere."""
    sentence = (
        "This page was open for too long, or you signed in or out in another tab. "
        "Go back, reload the page and send it again; what you typed is kept as a draft."
    )
    return _refuse(request, 403, reason=sentence)


def _article_behind(request: HttpRequest, exception: Exception | None) -> tuple[str, str] | None:
    """The place in the guild's own law that refused, and its title; None where the house's rules did."""
    match = request.resolver_match
    slug = match.kwargs.get("guild_slug") if match is not None else None
    if slug is None or not isinstance(exception, Denied):
        return None
    for rule in exception.decision.rules:
        template = template_behind(rule)
        if template is not None:
            return reverse("policies:template", args=[slug, template.name]), template.title
        if rule.startswith(OF_MEMBERS):
            name = rule.removeprefix(OF_MEMBERS)
            return f"{reverse('policies:constitution', args=[slug])}#rule-{name}", f"the rule “{name}”"
    return None


def _refuse(
    request: HttpRequest, status: int, *, reason: str = "", article: tuple[str, str] | None = None
) -> HttpResponse:
    """A page, or for the API the same in its own shape."""
    if request.path.startswith(API):
        return JsonResponse({"detail": reason or IN_THE_API[status]}, status=status)
    return render(request, f"{status}.html", {"reason": reason, "article": article}, status=status)
