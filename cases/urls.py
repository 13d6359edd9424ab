"""The addresses of the staff's pages."""

from django.urls import URLPattern, path, register_converter
from django.views.generic import TemplateView

app_name = "cases"


class ReferenceConverter:
    """A complaint's reference in an address. A slash in an imported one is written as a tilde."""

    regex = "[^/]+"

    def to_python(self, value: str) -> str:
        """Return the reference as stored."""
        return value.replace("~", "/")

    def to_url(self, value: str) -> str:
        """Return the reference as written in an address."""
        return value.replace("/", "~")


register_converter(ReferenceConverter, "reference")

urlpatterns: list[URLPattern] = [
    path("complaints/<reference:reference>/", TemplateView.as_view(), name="complaint"),
]
