from django.urls import path

from . import views

urlpatterns = [
    path("", views.page, name="brand.page"),
    path("strategy.zip", views.strategy, name="brand.strategy"),
    path("new/", views.new, name="brand.new"),
    path("canvas/", views.canvas, name="brand.canvas"),
    path("facts/", views.facts, name="brand.facts"),
    path("products/new/", views.product_new, name="brand.product_new"),
    path("products/<int:pk>/", views.product, name="brand.product"),
    path("competitors/new/", views.rival_new, name="brand.rival_new"),
    path("competitors/<int:pk>/", views.rival, name="brand.rival"),
    path("concept/", views.concept, name="brand.concept"),
    path("concept.pdf", views.concept_pdf, name="brand.concept_pdf"),
]
