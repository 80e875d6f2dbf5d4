from django.urls import path

from . import views

urlpatterns = [
    path("", views.page, name="plan.page"),
    path("events", views.events, name="plan.events"),
    path("rows", views.rows, name="plan.rows"),
    path("weigh", views.weigh, name="plan.weigh"),
    path("new/", views.new, name="plan.new"),
    path("settings/", views.settings, name="plan.settings"),
    path("history/", views.history, name="plan.history"),
    path("plan.csv", views.table, name="plan.table"),
    path("feed.ics", views.feed, name="plan.feed"),
    path("<int:pk>/", views.slot, name="plan.slot"),
]
