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
    path("market/", views.market, name="brand.market"),
    path("market/import/", views.market_import, name="brand.market_import"),
    path("market/map/", views.market_map, name="brand.map"),
    path("market/not-read/<int:pk>.csv", views.bad_rows, name="brand.bad_rows"),
    path("concept/", views.concept, name="brand.concept"),
    path("concept.pdf", views.concept_pdf, name="brand.concept_pdf"),
]
