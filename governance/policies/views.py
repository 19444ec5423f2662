"""The pages of a guild's law: what it says, since when, and what a draft would do."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from governance.policies import constitution as reading
from governance.policies.drafts import DraftRefused, lines, read
from governance.policies.errors import TooOften
from governance.policies.forms import TrialForm
from governance.policies.law import law_of
from governance.policies.previewing import law_to_try, preview
from guild.tenancy.requests import GuildRequest


@never_cache
@require_safe
def constitution(request: GuildRequest, guild_slug: str) -> HttpResponse:
    """The whole law in plain sentences."""
    context = {"constitution": reading.constitution_for(request.membership)}
    return render(request, "governance/policies/constitution.html", context)


@never_cache
@require_safe
def history(request: GuildRequest, guild_slug: str) -> HttpResponse:
    """Every law that the guild has had, and what each changed."""
    context = {"changes": reading.history_for(request.membership)}
    return render(request, "governance/policies/history.html", context)


@never_cache
@require_safe
def template(request: GuildRequest, guild_slug: str, article: str) -> HttpResponse:
    """One article: what it does today, where it is obeyed, and how it came to be."""
    found, changes = reading.article_for(request.membership, article)
    context = {
        "article": found,
        "changes": changes,
        "values": _values(request, found),
        "form": TrialForm.about(found.template, law_of(request.guild)),
    }
    return render(request, "governance/policies/article.html", context)


@never_cache
@require_http_methods(["POST"])
def attempt(request: GuildRequest, guild_slug: str) -> HttpResponse:
    """What a draft would have done; nothing is kept of it."""
    form, law = TrialForm(request.POST), law_to_try(request.membership)
    context: dict[str, Any] = {"form": form, "part": form.part}
    status = 200
    try:
        draft = read(form.document(law))
        context["lines"] = lines(law, draft)
        context["preview"] = preview(by=request.membership, draft=draft)
    except DraftRefused as refusal:
        context["refused"], status = str(refusal), 422
    except TooOften as refusal:
        context["wait"], status = str(refusal), 429
    return render(request, "governance/policies/trial.html", context, status=status)


def _values(request: GuildRequest, article: reading.Article) -> list[tuple[str, str]]:
    law = law_of(request.guild)
    return [(one.label, one.words(law.value(one.name))) for one in article.template.asked]
