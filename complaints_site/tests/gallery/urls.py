"""The addresses of the gallery, and the names that a page's frame asks for."""

from django.urls import include, path

from complaints_site.tests.gallery import views

cases = (
    [
        path("queue/", views.queue, name="queue"),
        path("account/", views.parts, name="account"),
        path("sign-out/", views.start, name="sign-out"),
        path("my-work/", views.dashboard, name="my-work"),
    ],
    "cases",
)
feedback = (
    [
        path("privacy/", views.start, name="privacy"),
        path("accessibility/", views.start, name="accessibility"),
    ],
    "feedback",
)

urlpatterns = [
    path("public-form/", views.public_form),
    path("question/", views.question),
    path("wish/", views.wish),
    path("start/", views.start),
    path("check-answers/", views.check_answers),
    path("confirmation/", views.confirmation),
    path("staff-form/", views.staff_form),
    path("case/", views.case),
    path("dashboard/", views.dashboard),
    path("parts/", views.parts),
    path("before-set-up/", views.before_set_up),
    path("broken/", views.broken),
    path("broken.css", views.broken_style),
    path("mistake/<slug:name>/", views.mistake),
    path("", include(cases)),
    path("", include(feedback)),
]
