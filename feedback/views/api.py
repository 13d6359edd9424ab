"""Logging compliments and suggestions that other programs send."""

from typing import Any, ClassVar

from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from cases.forms.acts.asking import LONGEST_NOTE
from cases.models import ServiceArea
from cases.operations.api_lodging import check_reaches
from cases.operations.api_requests import once
from cases.rules.api_keys import ApiScope
from cases.rules.customers import Channel
from cases.views.api.base import ProgramView
from cases.views.api.described import LODGING, described
from cases.views.api.sent import CustomerSent, OneOfOurs, Strict, particulars_of
from feedback.operations.remarks import Said, log_remark
from feedback.rules.kinds import REMARKS, Kind


class SenderSent(CustomerSent):
    """Who said it."""

    code = None


class RemarkSent(Strict):
    """A compliment or suggestion to log; without `customer` nobody is thanked."""

    kind = serializers.ChoiceField([each.value for each in REMARKS])
    received_on = serializers.DateField()
    channel = serializers.ChoiceField([each.value for each in Channel])
    words = serializers.CharField(max_length=LONGEST_NOTE)
    regarding = serializers.CharField(max_length=200, required=False, allow_blank=True, default="")
    service_area = OneOfOurs(ServiceArea)
    customer = SenderSent(required=False)

    @property
    def said(self) -> Said:
        """Return what was said, as the operation takes it."""
        given = self.validated_data
        sender: dict[str, Any] | None = given.get("customer")
        return Said(
            kind=Kind(given["kind"]),
            channel=given["channel"],
            received_on=given["received_on"],
            words=given["words"],
            regarding=given["regarding"],
            area_id=given.get("service_area"),
            sender=particulars_of(sender) if sender else None,
        )


class Remarks(ProgramView):
    """Logging a compliment or suggestion."""

    needs: ClassVar[dict[str, ApiScope]] = {"post": ApiScope.REMARKS}

    @described("log_remark", ApiScope.REMARKS, answer=None, refusals=LODGING, sent=RemarkSent)
    def post(self, request: Request) -> Response:
        """Log it, once."""
        name = self.once_as
        sent = RemarkSent(data=request.data)
        sent.is_valid(raise_exception=True)
        said = sent.said

        def log() -> str:
            check_reaches(self.program, said.area_id)
            return str(log_remark(said, by=self.program, now=self.now).reference)

        reference, is_new = once(
            program=self.program, name=name, sent=request.data, now=self.now, log=log
        )
        return Response({"reference": reference}, status=201 if is_new else 200)
