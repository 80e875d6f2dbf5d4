"""Addresses of the guided start."""

from django.urls import path

from . import views

urlpatterns = [
    path("", views.page, name="start.page"),
    path("<int:step>/", views.step, name="start.step"),
    path("proposals/", views.proposals, name="start.proposals"),
]
