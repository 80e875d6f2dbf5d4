from django.urls import path

from . import views

urlpatterns = [
    path("", views.page, name="engage.page"),
    path("partners/", views.partners, name="engage.partners"),
    path("partners/new", views.partner, name="engage.new_partner"),
    path("partners/<int:partner>/", views.partner, name="engage.partner"),
    path("deals/new", views.deal, name="engage.new_deal"),
    path("deals/<int:deal>/", views.deal, name="engage.deal"),
    path("inbox/", views.inbox, name="engage.inbox"),
]
