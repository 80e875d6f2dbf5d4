from django.urls import path

from . import choosing_views, views

urlpatterns = [
    path("", views.page, name="channels.page"),
    path("where/", choosing_views.where, name="channels.where"),
    path("where/<str:platform>/", choosing_views.place, name="channels.place"),
    path("presence/", choosing_views.presence, name="channels.presence"),
    path("presence/new/", choosing_views.presence_new, name="channels.presence_new"),
    path("swot/", choosing_views.swot, name="channels.swot"),
    path("followers/", choosing_views.followers, name="channels.followers"),
    path("networks/", views.networks, name="channels.networks"),
    path("connect/<str:network>/", views.connect, name="channels.connect"),
    path("sign-in/<int:sign_in>/", views.sign_in, name="channels.sign_in"),
    path("back/", views.back, name="channels.back"),
    path("<int:channel>/", views.channel, name="channels.channel"),
    path("<int:channel>/reconnect/", views.reconnect, name="channels.reconnect"),
]
