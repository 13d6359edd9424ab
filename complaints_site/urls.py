"""The addresses of the whole site."""

from django.urls import include, path

from cases.views.loading import loaded_later
from complaints_site import health

urlpatterns = [
    path("health/live", health.live, name="health-live"),
    path("health/ready", health.ready, name="health-ready"),
    path("health/beat", health.beat, name="health-beat"),
    path(
        "api/v1/openapi.json", loaded_later("complaints_site.api", "Document"), name="api-document"
    ),
    # First, because the address of the site itself is the public's.
    path("", include("feedback.urls")),
    path("", include("reporting.urls")),
    path("", include("cases.urls")),
]
