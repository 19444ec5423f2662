"""Votes by the numbers that members call them by."""

from uuid import UUID

from django import template
from django.template.context import Context

from governance.deliberation.selectors import vote_numbers

register = template.Library()


@register.simple_tag(takes_context=True)
def vote_number(context: Context, proposal: UUID | None) -> int | None:
    """The number of the vote on a proposal of the page's guild; None for one that has not opened. One query a
    page, however often it is asked.
    """
    request = context["request"]
    known: dict[UUID, int] | None = getattr(request, "vote_numbers", None)
    if known is None:
        known = request.vote_numbers = vote_numbers(request.guild.pk)
    return None if proposal is None else known.get(proposal)
