"""`{% load portal %}`: every tag and filter of the pages in one library."""

from django import template

from guild.portal.templatetags import dates, fields, icons, languages, marks, meters, places, votes

register = template.Library()
for room in (dates, fields, icons, languages, marks, meters, places, votes):
    register.tags.update(room.register.tags)
    register.filters.update(room.register.filters)
