from django.urls import path

from . import views

urlpatterns = [
    path("", views.page, name="audience.page"),
    path("segment/", views.form, name="audience.new"),
    path("segment/<int:segment>/", views.segment, name="audience.segment"),
    path("segment/<int:segment>/edit/", views.form, name="audience.edit"),
    path("segment/<int:segment>/hook/", views.hook, name="audience.hook_new"),
    path("hooks/", views.hooks, name="audience.hooks"),
    path("hooks/<int:hook>/", views.hook, name="audience.hook"),
    path("people/", views.people, name="audience.people"),
    path("people/<int:intake>/", views.intake, name="audience.intake"),
    path("people/<int:intake>/rejected.csv", views.rejected, name="audience.rejected"),
]
