"""What the tests of the whole site share."""

from complaints_site.tests.browser import (  # noqa: F401
    browser_type_launch_args,
    built_assets,
    desk,
    live_server,
    open_window,
    phone,
)
