"""Every tag and filter of the pages in one library; `docs/look.md` shows each with an example."""

from __future__ import annotations

from django import template

from diskarte.doors.web.templatetags import desk_blocks, desk_drawings, desk_forms, desk_marks, desk_numbers

register = template.Library()
for part in (desk_marks, desk_numbers, desk_drawings, desk_forms, desk_blocks):
    register.tags.update(part.register.tags)
    register.filters.update(part.register.filters)
