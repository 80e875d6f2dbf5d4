from django.urls import path

from . import views

urlpatterns = [
    path("", views.page, name="correct.page"),
    path("proposals/<int:proposal>/", views.proposal, name="correct.proposal"),
    path("history/", views.history, name="correct.history"),
]
