"""Addresses of the strategy document; the page behind a secret link stands in `diskarte.urls`."""

from django.urls import path

from . import views

urlpatterns = [
    path("", views.page, name="document.page"),
    path("<int:edition>/", views.edition, name="document.edition"),
    path("<int:edition>/progress/", views.progress, name="document.progress"),
    path("<int:edition>/page-<int:number>.webp", views.picture, name="document.picture"),
    path("<int:edition>/strategy.<str:form>", views.file, name="document.file"),
]
