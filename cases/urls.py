"""The addresses of the staff's pages."""

from django.urls import path
from django.views.generic import TemplateView

app_name = "cases"

urlpatterns = [path("complaints/<str:reference>/", TemplateView.as_view(), name="complaint")]
