"""One file a thing; here they are only brought together."""

from cases.models.api_keys import ApiKey, ApiKeyArea, ApiSubmission
from cases.models.calendar_feeds import CalendarFeed
from cases.models.case_views import CaseLook, CaseView, Look
from cases.models.committees import CommitteePost, Post
from cases.models.complaints import (
    AccessEntry,
    Category,
    Complaint,
    Contractor,
    Exclusion,
    Level,
)
from cases.models.consent import ConsentLink
from cases.models.covers import Cover
from cases.models.customers import (
    Customer,
    CustomerChange,
    JointComplainant,
    Representative,
)
from cases.models.deadlines import Deadline, StageTransition
from cases.models.dispatches import Dispatch
from cases.models.events import Anchor, EventWords, RecordedEvent
from cases.models.files import (
    OF_LETTERS,
    Document,
    DocumentKind,
    Download,
    Scan,
    StoredFile,
    held_words,
    may_be_opened,
)
from cases.models.information import InformationRequest
from cases.models.interests import DeclaredInterest
from cases.models.jobs import Job, JobSlot
from cases.models.landlord import Landlord
from cases.models.letter_approvals import LetterProposal, ProposalState
from cases.models.letter_drafts import LetterDraft
from cases.models.letter_templates import LetterTemplate
from cases.models.links import ComplaintLink
from cases.models.lists import ListExport, LoggedForm
from cases.models.mail import InboundMail, MailFile, MailState
from cases.models.messages import Alert, Delivery, Letter, OutboundMessage
from cases.models.outside_bodies import OutsideBodyDetails
from cases.models.people import Absence, RoleGrant, Scope, ServiceArea, User
from cases.models.points import PointOfComplaint
from cases.models.presence import Presence
from cases.models.procedures import (
    Adoption,
    BankHoliday,
    CalendarEdition,
    Closure,
    Editions,
    Procedure,
    ProcedureVersion,
)
from cases.models.proposed_roles import ProposedRole
from cases.models.restriction_letters import (
    RESTRICTION_LETTER,
    TOLD_OTHERWISE,
    RestrictionLetter,
)
from cases.models.restrictions import ContactRestriction, RestrictionRecord
from cases.models.saved_views import SavedView
from cases.models.search import SearchEntry
from cases.models.service_requests import RequestKind, ServiceRequest
from cases.models.settings_changes import SettingsChange, Thing
from cases.models.sign_in import BrowserSession, RecoveryCode, SecondFactor
from cases.models.tracking import TrackingClosure, TrackingCode, TrackingLink, TrackingVisit
from cases.models.translated_texts import TranslatedText
from cases.models.webhooks import Webhook, WebhookDelivery

__all__ = [
    "OF_LETTERS",
    "RESTRICTION_LETTER",
    "TOLD_OTHERWISE",
    "Absence",
    "AccessEntry",
    "Adoption",
    "Alert",
    "Anchor",
    "ApiKey",
    "ApiKeyArea",
    "ApiSubmission",
    "BankHoliday",
    "BrowserSession",
    "CalendarEdition",
    "CalendarFeed",
    "CaseLook",
    "CaseView",
    "Category",
    "Closure",
    "CommitteePost",
    "Complaint",
    "ComplaintLink",
    "ConsentLink",
    "ContactRestriction",
    "Contractor",
    "Cover",
    "Customer",
    "CustomerChange",
    "Deadline",
    "DeclaredInterest",
    "Delivery",
    "Dispatch",
    "Document",
    "DocumentKind",
    "Download",
    "Editions",
    "EventWords",
    "Exclusion",
    "InboundMail",
    "InformationRequest",
    "Job",
    "JobSlot",
    "JointComplainant",
    "Landlord",
    "Letter",
    "LetterDraft",
    "LetterProposal",
    "LetterTemplate",
    "Level",
    "ListExport",
    "LoggedForm",
    "Look",
    "MailFile",
    "MailState",
    "OutboundMessage",
    "OutsideBodyDetails",
    "PointOfComplaint",
    "Post",
    "Presence",
    "Procedure",
    "ProcedureVersion",
    "ProposalState",
    "ProposedRole",
    "RecordedEvent",
    "RecoveryCode",
    "Representative",
    "RequestKind",
    "RestrictionLetter",
    "RestrictionRecord",
    "RoleGrant",
    "SavedView",
    "Scan",
    "Scope",
    "SearchEntry",
    "SecondFactor",
    "ServiceArea",
    "ServiceRequest",
    "SettingsChange",
    "StageTransition",
    "StoredFile",
    "Thing",
    "TrackingClosure",
    "TrackingCode",
    "TrackingLink",
    "TrackingVisit",
    "TranslatedText",
    "User",
    "Webhook",
    "WebhookDelivery",
    "held_words",
    "may_be_opened",
]
