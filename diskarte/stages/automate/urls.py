from django.urls import path

from . import repeats, views

urlpatterns = [
    path("", views.page, name="automate.page"),
    path("rules/<int:rule>/", views.rule, name="automate.rule"),
    path("repeats/", repeats.page, name="automate.repeats"),
    path("template.csv", views.template, name="automate.template"),
    path("uploads/<int:batch>/rows.csv", views.bad_rows, name="automate.bad_rows"),
]
