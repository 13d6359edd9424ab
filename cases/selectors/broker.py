"""What waits between the clock and the workers."""

import redis
from django.conf import settings

# As Celery names its queue when nobody names another.
QUEUE = "celery"
# An operator who looks at the page does not wait longer for a broker that is gone.
PATIENCE_SECONDS = 2


class BrokerSilent(Exception):
    """The broker does not answer."""


def tasks_waiting() -> int:
    """Return how many tasks wait for a worker.

    :raises BrokerSilent: if the broker does not answer.
    """
    client = redis.Redis.from_url(
        settings.CELERY_BROKER_URL,
        socket_timeout=PATIENCE_SECONDS,
        socket_connect_timeout=PATIENCE_SECONDS,
    )
    try:
        with client:
            return int(client.llen(QUEUE))
    except redis.RedisError as error:
        raise BrokerSilent(type(error).__name__) from error
