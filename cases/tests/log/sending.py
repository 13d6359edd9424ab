"""One form that arrives many times at the same moment, inside an installation of a test."""

from typing import Any

from cases.models import Complaint, Customer, LoggedForm, RecordedEvent, ServiceRequest
from cases.operations.customers import Particulars
from cases.operations.log import AsComplaint, AsRequest, Logged, log_complaint, log_service_request
from cases.rules.roles import Role
from cases.tests.background.contests import at_once
from cases.tests.factories import MONDAY, MONDAY_MORNING
from cases.tests.fixtures import build_house


def send_at_once(*, times: int) -> dict[str, Any]:
    """Let one form for a complaint and one for a request arrive so often; return what is there."""
    by = build_house()[Role.FRONT_LINE]

    def logged(key: str) -> Logged:
        return Logged(
            key=key,
            customer_id=None,
            particulars=Particulars(name="Agnes Moyo", category="tenant"),
            channel="phone",
            received_on=MONDAY,
            words="The lift is out of order.",
        )

    def complain() -> int | None:
        form = log_complaint(logged("complaint"), AsComplaint(), by=by, now=MONDAY_MORNING)
        return form.complaint_id

    def ask() -> int | None:
        told = AsRequest(kind="service_request")
        return log_service_request(logged("request"), told, by=by, now=MONDAY_MORNING).request_id

    answers = at_once([complain] * times), at_once([ask] * times)
    return {
        "complaints": Complaint.objects.count(),
        "requests": ServiceRequest.objects.count(),
        "customers": Customer.objects.count(),
        "forms": LoggedForm.objects.count(),
        "receipts": RecordedEvent.objects.filter(kind="received").count(),
        "answers": [sorted({repr(each) for each in some}) for some in answers],
        "keys": [
            [repr(key) for key in Complaint.objects.values_list("pk", flat=True)],
            [repr(key) for key in ServiceRequest.objects.values_list("pk", flat=True)],
        ],
    }
