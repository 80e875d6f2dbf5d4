from django.urls import path

from . import lanes, views

urlpatterns = [
    path("", views.page, name="publish.page"),
    path("in/<str:state>/", views.page, name="publish.list"),
    path("write/", views.write, name="publish.write"),
    path("write", views.write),
    path("look", views.look, name="publish.look"),
    path("outbox/", lanes.outbox, name="publish.outbox"),
    path("outbox", lanes.outbox),
    path("outbox/list.csv", lanes.table, name="publish.table"),
    path("outbox/alarms/", lanes.alarms, name="publish.alarms"),
    path("outbox/dry-run/", lanes.rehearsal, name="publish.rehearsal"),
    path("outbox/dry-run.csv", lanes.rehearsal_table, name="publish.rehearsal_table"),
    path("outbox/<int:delivery>/", lanes.delivery, name="publish.delivery"),
    path("media/<int:file>/<str:name>", views.media, name="publish.media"),
    path("<int:post>/", views.post, name="publish.post"),
    path("<int:post>/story", views.story, name="publish.story"),
]
