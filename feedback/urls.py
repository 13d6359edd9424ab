"""The addresses of the public pages, and of the staff's pages about what comes in."""

from django.urls import path

from feedback.views import public, send, steps

app_name = "feedback"

public_pages = [
    path("", public.home, name="home"),
    path("let-us-know/", public.start, name="start"),
    path("let-us-know/privacy/", public.privacy, name="privacy"),
    path("let-us-know/accessibility/", public.accessibility, name="accessibility"),
    path("let-us-know/files/", steps.FilesPage.as_view(), {"step": "files"}, name="files"),
    path("let-us-know/check/", send.CheckPage.as_view(), name="check"),
    path("let-us-know/forget/", send.ForgetPage.as_view(), name="forget"),
    path("let-us-know/sent/<slug:reference>/", send.SentPage.as_view(), name="sent"),
    path("let-us-know/sent/<slug:reference>/copy/", send.CopyPage.as_view(), name="copy"),
    path("let-us-know/<slug:step>/", steps.StepPage.as_view(), name="step"),
]

urlpatterns = public_pages
