"""The addresses of the site, and the page that every other is compared with."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.urls import include, path


@login_not_required
def hello(request: HttpRequest) -> HttpResponse:
    """Say hello, through the same middleware as every page."""
    return HttpResponse("Hello, world.\n", content_type="text/plain")


urlpatterns = [path("hello/", hello), path("", include("complaints_site.urls"))]
