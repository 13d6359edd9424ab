"""What the web server runs."""

import os

from django.core.exceptions import ImproperlyConfigured
from django.core.wsgi import get_wsgi_application

from complaints_site.guard import refuse_to_start

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "complaints_site.settings")

application = get_wsgi_application()
try:
    refuse_to_start()
except ImproperlyConfigured as faults:
    # One line for whoever starts it, instead of where in the code it was found.
    raise SystemExit(f"Not started. {faults}") from None
