from django.urls import path

from . import days_page, views, whatif_page, work_page
from .contests import views as contests
from .ideas import views as ideas
from .promotions import views as promotions

urlpatterns = [
    path("", views.page, name="plan.page"),
    path("events", views.events, name="plan.events"),
    path("figures", views.figures, name="plan.figures"),
    path("rows", views.rows, name="plan.rows"),
    path("weigh", views.weigh, name="plan.weigh"),
    path("new/", views.new, name="plan.new"),
    path("settings/", views.settings, name="plan.settings"),
    path("history/", views.history, name="plan.history"),
    path("plan.csv", views.table, name="plan.table"),
    path("plan.xlsx", views.workbook, name="plan.workbook"),
    path("<str:shape>.pdf", views.paper, name="plan.paper"),
    path("in/<str:what>/", views.take, name="plan.take"),
    path("in/<int:pk>/rows.csv", views.refused, name="plan.refused"),
    path("in/<int:pk>/done/", views.taken, name="plan.taken"),
    path("subscribe/", views.subscribe, name="plan.subscribe"),
    path("ideas/", ideas.page, name="plan.ideas"),
    path("ideas/<int:pk>/", ideas.one, name="plan.idea"),
    path("feed.ics", views.feed, name="plan.feed"),
    path("days/", days_page.page, name="plan.days"),
    path("promotions/", promotions.page, name="plan.promotions"),
    path("promotions/new/", promotions.new, name="plan.promotion_new"),
    path("promotions/<int:pk>/", promotions.one, name="plan.promotion"),
    path("contests/", contests.page, name="plan.contests"),
    path("contests/new/", contests.new, name="plan.contest_new"),
    path("contests/<int:pk>/", contests.one, name="plan.contest"),
    path("contest/<str:key>/", contests.public, name="plan.contest_public"),
    path("contest/<str:key>/enter", contests.enter, name="plan.contest_enter"),
    path("contest/<str:key>/draw.json", contests.proof, name="plan.contest_proof"),
    path("contest/<str:key>/tickets.txt", contests.tickets, name="plan.contest_tickets"),
    path("contest/<str:key>/verify_draw.py", contests.verifier, name="plan.contest_verifier"),
    path("search", whatif_page.search, name="plan.search"),
    path("work/", work_page.work, name="plan.work"),
    path("compare/", work_page.compare, name="plan.compare"),
    path("what-if/", whatif_page.whatif, name="plan.whatif"),
    path("<int:pk>/", views.slot, name="plan.slot"),
    path("<int:pk>/instead/", whatif_page.instead, name="plan.instead"),
]
