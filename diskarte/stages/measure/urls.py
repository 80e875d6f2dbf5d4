from django.urls import path

from . import views

urlpatterns = [
    path("", views.page, name="measure.page"),
    path("posts/", views.posts, name="measure.posts"),
    path("posts/<int:publication>/", views.post, name="measure.post"),
    path("imports/", views.imports, name="measure.imports"),
    path("imports/<int:import_>/rows.csv", views.bad_rows, name="measure.bad_rows"),
]
