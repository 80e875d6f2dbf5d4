from django.urls import path

from . import group_views, hook_views, views

urlpatterns = [
    path("", views.page, name="audience.page"),
    path("segment/", views.form, name="audience.new"),
    path("segment/<int:segment>/", views.segment, name="audience.segment"),
    path("segment/<int:segment>/edit/", views.form, name="audience.edit"),
    path("segment/<int:segment>/hook/", hook_views.hook, name="audience.hook_new"),
    path("hooks/", hook_views.hooks, name="audience.hooks"),
    path("hooks/new/", hook_views.hook, name="audience.hook_free"),
    path("hooks/import/", hook_views.given, name="audience.hooks_given"),
    path("hooks/table.csv", hook_views.table, name="audience.hooks_table"),
    path("hooks/refused/<int:sheet>.csv", hook_views.refused, name="audience.refused"),
    path("hooks/<int:hook>/", hook_views.hook, name="audience.hook"),
    path("people/", views.people, name="audience.people"),
    path("people/<int:intake>/", views.intake, name="audience.intake"),
    path("people/<int:intake>/progress/", views.progress, name="audience.progress"),
    path("people/forgotten/", views.proof, name="audience.proof"),
    path("value/", group_views.value, name="audience.value"),
    path("groups/", group_views.groups, name="audience.groups"),
    path("groups/new/", group_views.builder, name="audience.group_new"),
    path("groups/<int:group>/", group_views.builder, name="audience.group"),
    path("groups/size/", group_views.counted, name="audience.count"),
    path("overlap/", group_views.overlap, name="audience.overlap"),
    path("people/<int:intake>/rejected.csv", views.rejected, name="audience.rejected"),
]
