from django.urls import path

from . import views

urlpatterns = [
    path("", views.page, name="publish.page"),
    path("in/<str:state>/", views.page, name="publish.list"),
    path("write/", views.write, name="publish.write"),
    path("write", views.write),
    path("look", views.look, name="publish.look"),
    path("outbox/", views.outbox, name="publish.outbox"),
    path("outbox", views.outbox),
    path("media/<int:file>/<str:name>", views.media, name="publish.media"),
    path("<int:post>/", views.post, name="publish.post"),
    path("<int:post>/story", views.story, name="publish.story"),
]
