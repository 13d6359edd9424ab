"""The addresses of the public pages, and of the staff's pages about what comes in."""

from django.urls import path

from cases.views.loading import loaded_later
from feedback.views import (
    additions,
    approvals,
    asked,
    compare,
    consent,
    embedded,
    files,
    held,
    information,
    instead,
    later,
    lessons,
    letters,
    not_mine,
    own_letter,
    public,
    quarantine,
    remarks,
    send,
    steps,
    surveys,
    track,
    tracked,
)
from feedback.views.in_languages import in_every_language

app_name = "feedback"

# For everybody, in every language: these views ask nobody to sign in.
public_pages = [
    path("", public.home, name="home"),
    path("let-us-know/", public.start, name="start"),
    path("let-us-know/privacy/", public.privacy, name="privacy"),
    path("let-us-know/accessibility/", public.accessibility, name="accessibility"),
    path("how-we-deal-with-complaints/", information.procedure, name="procedure"),
    path(
        "how-we-deal-with-complaints/leaflet/<slug:size>.pdf", information.leaflet, name="leaflet"
    ),
    path("formats-and-languages/", information.formats, name="formats"),
    path("you-said-we-did/", lessons.you_said, name="you-said"),
    path("what-you-can-expect/", information.standards, name="standards"),
    path("let-us-know/save/", later.SavePage.as_view(), name="save"),
    path("let-us-know/come-back/", later.ComeBackPage.as_view(), name="come-back"),
    path("let-us-know/instead/<slug:code>/", instead.instead, name="instead"),
    path("let-us-know/paper/", instead.paper, name="paper"),
    path("let-us-know/paper/<slug:size>.pdf", instead.paper_pdf, name="paper-pdf"),
    path("let-us-know/files/", steps.FilesPage.as_view(), {"step": "files"}, name="files"),
    path("let-us-know/files/<slug:key>/", files.DraftFile.as_view(), name="draft-file"),
    path("let-us-know/check/", send.CheckPage.as_view(), name="check"),
    path("let-us-know/small/", embedded.SmallForm.as_view(), name="small-form"),
    path("let-us-know/begin/", embedded.BeginPage.as_view(), name="begin"),
    path("let-us-know/forget/", send.ForgetPage.as_view(), name="forget"),
    path("let-us-know/sent/<slug:reference>/", send.SentPage.as_view(), name="sent"),
    path(
        "let-us-know/sent/<slug:name>/not-mine/",
        not_mine.ReceiptNotMine.as_view(),
        name="receipt-not-mine",
    ),
    path("let-us-know/sent/<slug:reference>/copy.pdf", send.CopyPdf.as_view(), name="copy-pdf"),
    path("let-us-know/sent/<slug:reference>/copy/", send.CopyPage.as_view(), name="copy"),
    path("consent/thanks/", consent.thanks, name="consent-thanks"),
    path(
        "consent/<str:name>/not-mine/", not_mine.ConsentNotMine.as_view(), name="consent-not-mine"
    ),
    path("consent/<str:token>/", consent.ConsentPage.as_view(), name="consent"),
    path("asked/thanks/", asked.thanks, name="asked-thanks"),
    path("asked/<str:name>/not-mine/", not_mine.AskedNotMine.as_view(), name="asked-not-mine"),
    path("asked/<str:token>/", asked.AskedPage.as_view(), name="asked"),
    path("track/", track.TrackPage.as_view(), name="track"),
    path("track/code/", track.CodePage.as_view(), name="track-code"),
    path("track/link/<str:token>/", track.LinkPage.as_view(), name="track-link"),
    path(
        "track/letter/<str:name>/not-mine/",
        not_mine.LetterNotMine.as_view(),
        name="own-letter-not-mine",
    ),
    path("track/letter/<str:token>/", own_letter.OwnLetterPage.as_view(), name="own-letter"),
    path("track/sign-out/", track.SignOutPage.as_view(), name="track-sign-out"),
    path("track/stay/", tracked.StayPage.as_view(), name="track-stay"),
    path("track/complaint/", tracked.TrackedComplaint.as_view(), name="tracked"),
    path("track/complaint/add/", additions.AddPage.as_view(), name="tracked-add"),
    path(
        "track/complaint/add/files/<slug:key>/",
        additions.AddedFile.as_view(),
        name="tracked-file",
    ),
    path("track/complaint/next-stage/", tracked.NextStagePage.as_view(), name="tracked-next-stage"),
    path("track/complaint/reaching-you/", tracked.WishesPage.as_view(), name="tracked-wishes"),
    path("track/complaint/emails/", tracked.EmailsPage.as_view(), name="tracked-emails"),
    path("track/complaint/speaker/", tracked.SpeakerPage.as_view(), name="tracked-speaker"),
    path("track/complaint/withdraw/", tracked.WithdrawPage.as_view(), name="tracked-withdraw"),
    path("track/complaint/not-mine/", tracked.BreachPage.as_view(), name="tracked-breach"),
    path(
        "track/complaint/letters/<int:number>/",
        tracked.TrackedLetter.as_view(),
        name="tracked-letter",
    ),
    path(
        "track/complaint/papers/<int:number>/",
        tracked.TrackedPapers.as_view(),
        name="tracked-papers",
    ),
    path("survey/thanks/", surveys.thanks, name="survey-thanks"),
    path("survey/<slug:code>/", surveys.SurveyPage.as_view(), name="survey"),
    path("let-us-know/<slug:step>/", steps.StepPage.as_view(), name="step"),
]
# For complaints coordinators.
coordinators_pages = [
    path("feedback/quarantine/", quarantine.QuarantineList.as_view(), name="quarantine"),
    path(
        "feedback/quarantine/<slug:reference>/",
        quarantine.QuarantinedPage.as_view(),
        name="quarantined",
    ),
    path(
        "feedback/quarantine/<slug:reference>/files/<slug:key>/",
        files.QuarantinedFile.as_view(),
        name="quarantined-file",
    ),
    path("held/", held.HeldRequests.as_view(), name="held-requests"),
    path("held/<slug:code>/", held.HeldOf.as_view(), name="held"),
    path("feedback/customers/", compare.CompareList.as_view(), name="compare-list"),
    path("feedback/customers/<slug:reference>/", compare.ComparePage.as_view(), name="compare"),
]
# For whoever reads what customers think; asking them is for coordinators.
surveys_pages = [
    path("surveys/", surveys.Surveys.as_view(), name="surveys"),
    path("surveys/round/", surveys.BeginRound.as_view(), name="survey-round"),
    path("surveys/after-closing/", surveys.AfterClosing.as_view(), name="survey-after-closing"),
    path("surveys/letters/", surveys.SurveyLetters.as_view(), name="survey-letters"),
    path("surveys/find/", surveys.FindSurvey.as_view(), name="survey-find"),
    path("surveys/named/", surveys.NamedAnswers.as_view(), name="survey-named"),
    path("surveys/<slug:code>/", surveys.EnterSurvey.as_view(), name="survey-enter"),
]
# For whoever works with customers.
staff_pages = [
    path("feedback/", remarks.RemarkList.as_view(), name="staff-list"),
    path("feedback/log/", remarks.LogPage.as_view(), name="log"),
    path("feedback/you-said/", lessons.LessonList.as_view(), name="lessons"),
    path("feedback/you-said/add/", lessons.AddLesson.as_view(), name="lesson-add"),
    path("feedback/you-said/<int:number>/", lessons.ChangeLesson.as_view(), name="lesson"),
    path("feedback/letters/", letters.LettersPage.as_view(), name="letters"),
    path("feedback/<slug:reference>/", remarks.RemarkPage.as_view(), name="remark"),
    path("feedback/<slug:reference>/thank/", remarks.Thank.as_view(), name="thank"),
    path("feedback/<slug:reference>/pass-on/", remarks.PassOn.as_view(), name="pass-on"),
    path("feedback/<slug:reference>/decide/", remarks.Decide.as_view(), name="decide"),
    path(
        "feedback/<slug:reference>/make-complaint/",
        remarks.MakeComplaint.as_view(),
        name="make-complaint",
    ),
    path(
        "feedback/<slug:reference>/approve/<slug:purpose>/",
        approvals.ApproveLetter.as_view(),
        name="approve",
    ),
    path(
        "feedback/<slug:reference>/letters/<slug:purpose>/",
        letters.LetterPage.as_view(),
        name="letter",
    ),
    path("feedback/<slug:reference>/files/<slug:key>/", files.RemarkFile.as_view(), name="file"),
]

# What other programs send.
programs = [
    path("api/v1/remarks/", loaded_later("feedback.views.api", "Remarks"), name="api-remarks")
]

urlpatterns = [
    in_every_language(public_pages),
    *coordinators_pages,
    *surveys_pages,
    *staff_pages,
    *programs,
]
