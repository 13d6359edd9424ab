"""The settings of production, with a page that only says hello and a count of queries if asked."""

from complaints_site.settings import *  # noqa: F403
from complaints_site.settings import MIDDLEWARE

ROOT_URLCONF = "complaints_site.tests.bench.urls"
MIDDLEWARE = ["complaints_site.tests.bench.counting.count_queries", *MIDDLEWARE]
