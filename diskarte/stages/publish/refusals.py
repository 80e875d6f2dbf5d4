"""What a preflight may say, marked here for translation: network files know nothing of languages."""

from __future__ import annotations

from django.utils.translation import gettext_noop

SENTENCES = (
    gettext_noop("The post is empty."),
    gettext_noop("Write a text or add a picture."),
    gettext_noop("The text is %(over)s characters too long (%(length)s of %(limit)s)."),
    gettext_noop("Shorten it or continue in a thread."),
    gettext_noop("The text takes %(have)s bytes; at most %(limit)s are possible (emoji take many)."),
    gettext_noop("Part %(number)s of the thread is empty."),
    gettext_noop("Write it or remove it."),
    gettext_noop("The thread has %(have)s further parts; at most %(limit)s are possible."),
    gettext_noop("Join or remove parts."),
    gettext_noop("A post here needs a picture or a video."),
    gettext_noop("Add one."),
    gettext_noop("Pictures and video do not go into one post."),
    gettext_noop("Choose pictures or the video."),
    gettext_noop("There are %(have)s pictures; at most %(limit)s are possible."),
    gettext_noop("There are %(have)s videos; at most %(limit)s are possible."),
    gettext_noop("Remove some."),
    gettext_noop("%(name)s is %(mime)s, which is not accepted."),
    gettext_noop("Use %(accepted)s."),
    gettext_noop("%(name)s has %(size)s MB; at most %(limit)s MB are possible."),
    gettext_noop("Make it smaller."),
    gettext_noop("The description of %(name)s is longer than %(limit)s characters."),
    gettext_noop("Shorten it."),
    gettext_noop("%(name)s has no description for people who cannot see it."),
    gettext_noop("Describe it in a sentence."),
)
