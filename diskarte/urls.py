"""Every address. A stage's pages live under its own name; the brand before it is taken off by the middleware."""

from importlib.util import find_spec

from django.urls import include, path

from diskarte.document.views import shared as shared_document
from diskarte.doors import health, rest
from diskarte.doors.web import do, feeds, practice, views
from diskarte.stages import STAGES
from diskarte.stages.brand.views import new as new_brand

api = rest.make()
handler500 = views.fault

urlpatterns = [
    path("", views.home, name="home"),
    path("do/<str:verb>", do.do, name="do"),
    path("welcome/<str:secret>/", views.welcome, name="welcome"),
    path("new/", new_brand, name="new_brand"),
    path("brands/", views.brands_page, name="brands"),
    path("people/", views.people_page, name="people"),
    path("people/tokens/", views.tokens_page, name="tokens"),
    path("people/audit/", views.audit_page, name="audit"),
    path("practice/<str:account>/", practice.feed, name="practice"),
    path("feeds/<str:key>.xml", feeds.feed, name="feed"),
    path("feeds/<str:key>/<int:delivery>/<int:file>", feeds.media, name="feed_media"),
    path("look/", include("diskarte.doors.web.gallery")),
    path("accounts/", include("allauth.urls")),
    path("i18n/", include("django.conf.urls.i18n")),
    path("healthz", health.healthz, name="healthz"),
    path("metrics", health.metrics_page, name="metrics"),
    path("api/", api.urls),
    path("start/", include("diskarte.start.urls")),
    path("document/", include("diskarte.document.urls")),
    path("share/<str:secret>/", shared_document, name="document.shared"),
    *(
        path(f"{stage}/", include(f"diskarte.stages.{stage}.urls"))
        for stage in STAGES
        if find_spec(f"diskarte.stages.{stage}.urls")
    ),
]
