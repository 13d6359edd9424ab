"""The addresses of the staff's pages."""

from django.urls import URLPattern, path, register_converter

from cases.views import (
    accounts,
    api_keys,
    areas,
    calculator,
    calendar_feeds,
    calendars,
    categories,
    complaint,
    contractors,
    covers,
    customers,
    files,
    interests,
    landlord,
    landlords_words,
    letter_templates,
    letters,
    log,
    logged,
    looks,
    my_work,
    operations_page,
    outside_bodies,
    own_signing_in,
    papers,
    people,
    post,
    presence,
    procedure_drafts,
    procedures,
    queue,
    reassign,
    repeats,
    request_acts,
    requests,
    restrictions,
    role_approvals,
    saved_views,
    set_up,
    settings_pages,
    signing_in,
    single_sign_on,
    together,
    trials,
    webhooks,
)
from cases.views.acts import letters as case_letters
from cases.views.acts import people as case_people
from cases.views.acts import tracking as case_tracking
from cases.views.acts.all import ACT_PAGES
from cases.views.loading import loaded_later

app_name = "cases"


class ReferenceConverter:
    """A complaint's reference in an address. A slash in an imported one is written as a tilde."""

    regex = r"[^/\x00]+"

    def to_python(self, value: str) -> str:
        """Return the reference as stored."""
        return value.replace("~", "/")

    def to_url(self, value: str) -> str:
        """Return the reference as written in an address."""
        return value.replace("/", "~")


register_converter(ReferenceConverter, "reference")

# Signing in, passwords, one's own account; the first page of an installation.
ACCOUNTS: list[URLPattern] = [
    path("home/", accounts.Home.as_view(), name="home"),
    path("set-up/", set_up.SetUp.as_view(), name="set-up"),
    path("sign-in/", accounts.SignIn.as_view(), name="sign-in"),
    path("sign-out/", accounts.SignOut.as_view(), name="sign-out"),
    path("sign-in/code/", signing_in.AskCode.as_view(), name="sign-in-code"),
    path("sign-in/second-factor/", signing_in.SetUpAtSignIn.as_view(), name="sign-in-set-up"),
    path("sign-in/work-account/", single_sign_on.WorkAccount.as_view(), name="work-account"),
    path(
        "sign-in/work-account/back/",
        single_sign_on.WorkAccountBack.as_view(),
        name="work-account-back",
    ),
    path(
        "sign-in/forgotten-password/",
        accounts.ForgottenPassword.as_view(),
        name="forgotten-password",
    ),
    path(
        "sign-in/forgotten-password/sent/",
        accounts.ForgottenPasswordSent.as_view(),
        name="forgotten-password-sent",
    ),
    path(
        "sign-in/choose-password/<slug:uidb64>/<str:token>/",
        accounts.ChoosePassword.as_view(),
        name="choose-password",
    ),
    path("account/", accounts.Account.as_view(), name="account"),
    path("account/change/", accounts.ChangeOwnParticulars.as_view(), name="account-change"),
    path("account/password/", accounts.ChangePassword.as_view(), name="account-password"),
    path("account/again/", own_signing_in.ProveAgain.as_view(), name="prove-again"),
    path("account/stay/", own_signing_in.Stay.as_view(), name="stay"),
    path("account/go-on/", own_signing_in.GoOn.as_view(), name="go-on"),
    path("account/signing-in/", own_signing_in.OwnSigningIn.as_view(), name="account-signing-in"),
    path(
        "account/signing-in/app/",
        own_signing_in.OwnSecondFactor.as_view(),
        name="account-second-factor",
    ),
    path("account/absence/", accounts.AddOwnAbsence.as_view(), name="account-absence"),
    path("account/shortcuts/", accounts.OwnShortcuts.as_view(), name="account-shortcuts"),
    path("account/absence/end/", accounts.EndOwnAbsence.as_view(), name="account-absence-end"),
    path("account/interests/", interests.OwnInterests.as_view(), name="account-interests"),
    path("account/interests/end/", interests.EndInterest.as_view(), name="account-interest-end"),
    path("account/calendar/", calendar_feeds.OwnCalendar.as_view(), name="account-calendar"),
    path("calendar/<slug:token>.ics", calendar_feeds.calendar_feed, name="calendar-feed"),
    path("calculator/", calculator.Calculator.as_view(), name="calculator"),
]

# What administrators and coordinators set, and operators look at.
SETTINGS: list[URLPattern] = [
    path("settings/", settings_pages.SettingsIndex.as_view(), name="settings"),
    path("settings/history/", settings_pages.SettingsHistory.as_view(), name="settings-history"),
    path("settings/role-approvals/", role_approvals.RoleApprovals.as_view(), name="role-approvals"),
    path("settings/auditors-views/", role_approvals.AuditorsViews.as_view(), name="auditors-views"),
    path("settings/who-opened-what/", looks.Looks.as_view(), name="looks"),
    path("settings/keys/", api_keys.ApiKeys.as_view(), name="api-keys"),
    path("settings/keys/make/", api_keys.MakeKey.as_view(), name="api-key-make"),
    path(
        "settings/keys/<slug:prefix>/approve/",
        api_keys.DecideKey.as_view(),
        name="api-key-approve",
    ),
    path("settings/keys/<slug:prefix>/end/", api_keys.EndKey.as_view(), name="api-key-end"),
    path("settings/webhooks/", webhooks.Webhooks.as_view(), name="webhooks"),
    path("settings/webhooks/make/", webhooks.MakeWebhook.as_view(), name="webhook-make"),
    path("settings/webhooks/<slug:code>/end/", webhooks.EndWebhook.as_view(), name="webhook-end"),
    path("settings/webhooks/<slug:code>/again/", webhooks.TryAgain.as_view(), name="webhook-again"),
    path("settings/people/", people.PeopleList.as_view(), name="people"),
    path("settings/people/add/", people.AddPerson.as_view(), name="person-add"),
    path("settings/people/<slug:code>/", people.Person.as_view(), name="person"),
    path(
        "settings/people/<slug:code>/change/", people.ChangePerson.as_view(), name="person-change"
    ),
    path(
        "settings/people/<slug:code>/invite/", people.SendInvitation.as_view(), name="person-invite"
    ),
    path("settings/people/<slug:code>/leave/", people.Leave.as_view(), name="person-leave"),
    path(
        "settings/people/<slug:code>/come-back/", people.ComeBack.as_view(), name="person-come-back"
    ),
    path(
        "settings/people/<slug:code>/second-factor/reset/",
        people.ResetSecondFactor.as_view(),
        name="person-second-factor",
    ),
    path(
        "settings/people/<slug:code>/roles/give/",
        people.GiveRole.as_view(),
        name="person-role-give",
    ),
    path(
        "settings/people/<slug:code>/roles/take/",
        people.TakeRole.as_view(),
        name="person-role-take",
    ),
    path(
        "settings/people/<slug:code>/committees/add/",
        people.GivePost.as_view(),
        name="person-committee",
    ),
    path(
        "settings/people/<slug:code>/committees/end/",
        people.TakePost.as_view(),
        name="person-committee-end",
    ),
    path(
        "settings/people/<slug:code>/absence/", people.AddAbsence.as_view(), name="person-absence"
    ),
    path(
        "settings/people/<slug:code>/absence/end/",
        people.EndAbsence.as_view(),
        name="person-absence-end",
    ),
    path("settings/areas/", areas.Areas.as_view(), name="areas"),
    path("settings/areas/add/", areas.AddArea.as_view(), name="area-add"),
    path("settings/areas/<slug:code>/", areas.ChangeArea.as_view(), name="area"),
    path(
        "settings/areas/<slug:code>/retire/",
        areas.RetireArea.as_view(),
        name="area-retire",
    ),
    path(
        "settings/areas/<slug:code>/bring-back/",
        areas.RetireArea.as_view(is_retiring=False),
        name="area-bring-back",
    ),
    path("settings/contractors/", contractors.Contractors.as_view(), name="contractors"),
    path("settings/contractors/add/", contractors.AddContractor.as_view(), name="contractor-add"),
    path(
        "settings/contractors/<slug:code>/",
        contractors.RenameContractor.as_view(),
        name="contractor",
    ),
    path(
        "settings/contractors/<slug:code>/retire/",
        contractors.RetireContractor.as_view(),
        name="contractor-retire",
    ),
    path("settings/categories/", categories.Categories.as_view(), name="categories"),
    path("settings/categories/add/", categories.AddCategory.as_view(), name="category-add"),
    path("settings/categories/<slug:code>/", categories.RenameCategory.as_view(), name="category"),
    path(
        "settings/categories/<slug:code>/move/",
        categories.MoveCategory.as_view(),
        name="category-move",
    ),
    path(
        "settings/categories/<slug:code>/retire/",
        categories.RetireCategory.as_view(),
        name="category-retire",
    ),
    path("settings/landlord/", landlord.LandlordPage.as_view(), name="landlord"),
    path("settings/landlord/change/", landlord.ChangeLandlord.as_view(), name="landlord-change"),
    path(
        "settings/landlord/compensation/", landlord.ChangeAwards.as_view(), name="landlord-awards"
    ),
    path("settings/landlord/look/", landlord.ChangeLook.as_view(), name="landlord-look"),
    path(
        "settings/landlord/standards/",
        landlord.ChangeStandards.as_view(),
        name="landlord-standards",
    ),
    path(
        "settings/landlord/approvals/",
        landlord.ChangeApprovals.as_view(),
        name="landlord-approvals",
    ),
    path("settings/landlord/notices/", landlord.ChangeNotices.as_view(), name="landlord-notices"),
    path(
        "settings/landlord/following/",
        landlord.ChangeFollowing.as_view(),
        name="landlord-following",
    ),
    path("settings/landlord/logo/", landlord.ChangeLogo.as_view(), name="landlord-logo"),
    path(
        "settings/landlord/logo/remove/", landlord.RemoveLogo.as_view(), name="landlord-logo-remove"
    ),
    path("landlord/theme.css", landlord.landlord_theme, name="theme"),
    path("landlord/logo/", landlord.landlord_logo, name="logo"),
    path("settings/words/", landlords_words.WordsOverview.as_view(), name="words"),
    path(
        "settings/words/<slug:language>/<slug:texts>/",
        landlords_words.WordsInLanguage.as_view(),
        name="words-section",
    ),
    path("settings/calendar/", calendars.CalendarPage.as_view(), name="calendar"),
    path(
        "settings/calendar/bank-holiday/",
        calendars.AddBankHoliday.as_view(),
        name="calendar-bank-holiday",
    ),
    path("settings/calendar/closure/", calendars.AddClosure.as_view(), name="calendar-closure"),
    path("settings/calendar/remove/", calendars.RemoveDayOff.as_view(), name="calendar-remove"),
    path("settings/calendar/compare/", calendars.TakeProposals.as_view(), name="calendar-compare"),
    path("settings/calendar/nation/", calendars.ChangeNation.as_view(), name="calendar-nation"),
    path(
        "settings/calendar/publish/", calendars.PublishCalendar.as_view(), name="calendar-publish"
    ),
    path("settings/letters/", letter_templates.LetterTemplates.as_view(), name="letter-templates"),
    path(
        "settings/letters/<slug:code>/<slug:letter>/",
        letter_templates.LetterTemplatePage.as_view(),
        name="letter-template",
    ),
    path(
        "settings/letters/<slug:code>/<slug:letter>/change/",
        letter_templates.ChangeTemplate.as_view(),
        name="letter-template-change",
    ),
    path(
        "settings/letters/<slug:code>/<slug:letter>/reset/",
        letter_templates.ResetTemplate.as_view(),
        name="letter-template-reset",
    ),
    path(
        "settings/letters/<slug:code>/<slug:letter>/in/<slug:language>/",
        letter_templates.TranslateTemplate.as_view(),
        name="letter-template-language",
    ),
    path("settings/outside-bodies/", outside_bodies.OutsideBodies.as_view(), name="outside-bodies"),
    path(
        "settings/outside-bodies/<slug:code>/",
        outside_bodies.AddBodyDetails.as_view(),
        name="outside-body",
    ),
    path(
        "settings/outside-bodies/<slug:code>/take-back/",
        outside_bodies.RemoveBodyDetails.as_view(),
        name="outside-body-take-back",
    ),
    path("post/", post.PostList.as_view(), name="post"),
    path("post/<slug:code>/", post.OneMail.as_view(), name="post-mail"),
    path("post/<slug:code>/files/<slug:key>/", post.PostFile.as_view(), name="post-file"),
    path("operations/", operations_page.OperationsPage.as_view(), name="operations"),
    path(
        "operations/messages/send-again/",
        operations_page.SendAgain.as_view(),
        name="message-send-again",
    ),
    path(
        "operations/messages/cancel/",
        operations_page.CancelMessage.as_view(),
        name="message-cancel",
    ),
    path(
        "operations/letters/make-again/",
        operations_page.MakeLetters.as_view(),
        name="letters-make-again",
    ),
]

PROCEDURES: list[URLPattern] = [
    path("settings/procedures/", procedures.Procedures.as_view(), name="procedures"),
    path("settings/procedures/add/", procedures.AddProcedure.as_view(), name="procedure-add"),
    path("settings/procedures/run/", procedures.AdoptProcedure.as_view(), name="procedure-adopt"),
    path(
        "settings/procedures/run/cancel/",
        procedures.CancelAdoption.as_view(),
        name="procedure-adopt-cancel",
    ),
    path("settings/procedures/<slug:code>/", procedures.ProcedurePage.as_view(), name="procedure"),
    path(
        "settings/procedures/<slug:code>/versions/<int:number>/",
        procedures.ProcedurePage.as_view(),
        name="procedure-version",
    ),
    path(
        "settings/procedures/<slug:code>/versions/<int:number>/file/",
        procedures.ExportProcedure.as_view(),
        name="procedure-file",
    ),
    path(
        "settings/procedures/<slug:code>/versions/<int:number>/draft/",
        procedures.BeginDraft.as_view(),
        name="procedure-draft-begin",
    ),
    path(
        "settings/procedures/<slug:code>/draft/",
        procedures.ProcedurePage.as_view(is_draft=True),
        name="procedure-draft",
    ),
    path(
        "settings/procedures/<slug:code>/versions/<int:number>/try/",
        trials.TryProcedure.as_view(),
        name="procedure-version-try",
    ),
    path(
        "settings/procedures/<slug:code>/versions/<int:number>/date/",
        trials.TryDay.as_view(),
        name="procedure-version-date",
    ),
    path(
        "settings/procedures/<slug:code>/draft/date/",
        trials.TryDay.as_view(is_draft=True),
        name="procedure-draft-date",
    ),
    path(
        "settings/procedures/<slug:code>/draft/try/",
        trials.TryProcedure.as_view(is_draft=True),
        name="procedure-draft-try",
    ),
    path(
        "settings/procedures/<slug:code>/draft/publish/",
        procedure_drafts.PublishDraft.as_view(),
        name="procedure-draft-publish",
    ),
    path(
        "settings/procedures/<slug:code>/draft/discard/",
        procedure_drafts.DiscardDraft.as_view(),
        name="procedure-draft-discard",
    ),
    path(
        "settings/procedures/<slug:code>/draft/file/",
        procedure_drafts.ChangeFile.as_view(),
        name="procedure-draft-file",
    ),
    path(
        "settings/procedures/<slug:code>/draft/reminders/",
        procedure_drafts.ChangeUsualReminders.as_view(),
        name="procedure-draft-reminders",
    ),
    path(
        "settings/procedures/<slug:code>/draft/<slug:stage>/",
        procedure_drafts.ChangeStage.as_view(),
        name="procedure-draft-stage",
    ),
    path(
        "settings/procedures/<slug:code>/draft/<slug:stage>/<slug:timescale>/",
        procedure_drafts.ChangePromise.as_view(),
        name="procedure-draft-promise",
    ),
    path(
        "settings/procedures/<slug:code>/draft/<slug:stage>/<slug:timescale>/reminders/",
        procedure_drafts.ChangeReminders.as_view(),
        name="procedure-draft-promise-reminders",
    ),
]

CASE = "complaints/<reference:reference>/"
# One complaint: its page, its papers, and every act of the procedure.
COMPLAINT = [
    path(CASE, complaint.ComplaintView.as_view(), name="complaint"),
    path(f"{CASE}here/", presence.HereView.as_view(), name="here"),
    path(f"{CASE}deadlines/", complaint.DeadlinesView.as_view(), name="deadlines"),
    path(f"{CASE}outside/", complaint.OutsideView.as_view(), name="outside"),
    path(f"{CASE}repeats/", repeats.RepeatsPage.as_view(), name="repeats"),
    path(f"{CASE}sheet/", complaint.CaseSheet.as_view(), name="case-sheet"),
    path(f"{CASE}copy/", complaint.RecordCopy.as_view(), name="record-copy"),
    path(f"{CASE}who-opened-it/", looks.WhoLooked.as_view(), name="who-looked"),
    path(f"{CASE}papers/", papers.CasePapersView.as_view(), name="case-papers"),
    path(f"{CASE}files/<slug:key>/", files.FileView.as_view(), name="file"),
    path(f"{CASE}letters/<int:event>/", case_letters.LetterView.as_view(), name="letter"),
    path(
        f"{CASE}letters/<int:event>/document/",
        case_letters.LetterDocument.as_view(),
        name="letter-document",
    ),
    path(
        f"{CASE}letters/<int:event>/send-again/",
        case_letters.SendAgain.as_view(),
        name="send-again",
    ),
    path(
        f"{CASE}letters/<int:event>/by-post/",
        case_letters.SendByPost.as_view(),
        name="send-by-post",
    ),
    path(f"{CASE}following/", case_tracking.Following.as_view(), name="following"),
    path(
        f"{CASE}change-people/representative/",
        case_people.Speaks.as_view(),
        name="add-representative",
    ),
    path(
        f"{CASE}change-people/representative/<int:key>/",
        case_people.Speaks.as_view(),
        name="representative",
    ),
    path(
        f"{CASE}change-people/representative/<int:key>/ask/",
        case_people.AskAboutSpeaker.as_view(),
        name="representative-ask",
    ),
    path(
        f"{CASE}change-people/representative/<int:key>/receipt/",
        case_people.SendReceipt.as_view(),
        name="representative-receipt",
    ),
    path(f"{CASE}change-people/joint/", case_people.AddJoint.as_view(), name="add-joint"),
    path(
        f"{CASE}change-people/customer/",
        case_people.RightCustomer.as_view(),
        name="right-customer",
    ),
    *(
        path(f"{CASE}{act.value}/", page.as_view(), name=act.value)
        for act, page in ACT_PAGES.items()
    ),
]

# Lists of complaints, customers, requests and letters; logging what comes in.
LISTS: list[URLPattern] = [
    path("my-work/", my_work.MyWorkPage.as_view(), name="my-work"),
    path("complaints/", queue.Queue.as_view(), name="queue"),
    path("hot-spots/", repeats.HotSpots.as_view(), name="hot-spots"),
    path("queue/download/", queue.QueueExport.as_view(), name="queue-export"),
    path("queue/views/", saved_views.SavedViews.as_view(), name="saved-views"),
    path("queue/together/", together.Together.as_view(), name="together"),
    path("covers/", covers.Covers.as_view(), name="covers"),
    path("queue/reassign/", reassign.Reassign.as_view(), name="reassign"),
    path("log/", log.LogPage.as_view(), name="log"),
    path("log/<slug:key>/", logged.LoggedPage.as_view(), name="logged"),
    path("requests/", requests.RequestList.as_view(), name="requests"),
    path("requests/<reference:reference>/", requests.RequestPage.as_view(), name="request"),
    path(
        "requests/<reference:reference>/done/",
        request_acts.RequestDone.as_view(),
        name="request-done",
    ),
    path(
        "requests/<reference:reference>/dissatisfied/",
        request_acts.RequestDissatisfied.as_view(),
        name="request-dissatisfied",
    ),
    path("letters/", letters.LettersPage.as_view(), name="letters"),
    path("letters/print/", letters.PrintLetters.as_view(), name="letters-print"),
    path("letters/pdf/", letters.LettersPdf.as_view(), name="letters-pdf"),
    path("customers/", customers.Customers.as_view(), name="customers"),
    path("customers/add/", customers.AddCustomer.as_view(), name="customer-add"),
    path("customers/<slug:code>/", customers.CustomerView.as_view(), name="customer"),
    path(
        "customers/<slug:code>/change/", customers.ChangeCustomer.as_view(), name="customer-change"
    ),
    path(
        "customers/<slug:code>/restrict-contact/",
        restrictions.ProposeRestriction.as_view(),
        name="restrict-contact",
    ),
    path("declared-interests/", interests.DeclaredInterests.as_view(), name="declared-interests"),
    path("contact-restrictions/", restrictions.RestrictionList.as_view(), name="restrictions"),
    path(
        "contact-restrictions/<slug:code>/",
        restrictions.RestrictionPage.as_view(),
        name="restriction",
    ),
    path(
        "contact-restrictions/<slug:code>/decide/",
        restrictions.DecideRestriction.as_view(),
        name="restriction-decide",
    ),
    path(
        "contact-restrictions/<slug:code>/review/",
        restrictions.ReviewRestriction.as_view(),
        name="restriction-review",
    ),
    path(
        "contact-restrictions/<slug:code>/letters/<int:number>/",
        restrictions.RestrictionLetterPage.as_view(),
        name="restriction-letter",
    ),
]

_API = "cases.views.api.complaints"
_ONE = "api/v1/complaints/<reference:reference>/"
# What other programs ask. What answers them is loaded when the first one does.
PROGRAMS: list[URLPattern] = [
    path("api/v1/complaints/", loaded_later(_API, "Complaints"), name="api-complaints"),
    path(_ONE, loaded_later(_API, "OneComplaint"), name="api-complaint"),
    path(f"{_ONE}events/", loaded_later(_API, "ComplaintEvents"), name="api-events"),
    path(f"{_ONE}deadlines/", loaded_later(_API, "ComplaintDeadlines"), name="api-deadlines"),
]

# An address is looked for in this order: what is opened all day comes first.
urlpatterns: list[URLPattern] = [
    *LISTS,
    *COMPLAINT,
    *ACCOUNTS,
    *SETTINGS,
    *PROCEDURES,
    *PROGRAMS,
]
