"""What the web server runs."""

import os

from django.core.wsgi import get_wsgi_application

from complaints_site.guard import refuse_insecure_settings

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "complaints_site.settings")

application = get_wsgi_application()
refuse_insecure_settings()
