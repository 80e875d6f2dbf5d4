from django.urls import path

from . import views

urlpatterns = [
    path("", views.page, name="channels.page"),
    path("networks/", views.networks, name="channels.networks"),
    path("connect/<str:network>/", views.connect, name="channels.connect"),
    path("sign-in/<int:sign_in>/", views.sign_in, name="channels.sign_in"),
    path("back/", views.back, name="channels.back"),
    path("<int:channel>/", views.channel, name="channels.channel"),
    path("<int:channel>/reconnect/", views.reconnect, name="channels.reconnect"),
]
