from django.urls import path

from . import views

urlpatterns = [
    path("", views.page, name="goals.page"),
    path("new/", views.new, name="goals.new"),
    path("past/", views.past, name="goals.past"),
    path("health/", views.health, name="goals.health"),
    path("<int:pk>/tree/", views.tree, name="goals.tree"),
    path("<int:pk>/", views.goal, name="goals.goal"),
    path("<int:pk>/edit/", views.edit, name="goals.edit"),
]
