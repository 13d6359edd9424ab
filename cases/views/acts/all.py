"""The page of every act."""

from cases.rules.acts import Act
from cases.views.acts import answers, assign, ends, further, letters, people, record, stage
from cases.views.acts.page import ActPage

ACT_PAGES: dict[Act, type[ActPage]] = {
    page.act: page
    for page in (
        assign.Triage,
        assign.Assign,
        stage.ReceiveByTeam,
        stage.Acknowledge,
        stage.DefinePoints,
        stage.Contact,
        stage.ManagerContact,
        stage.Resolve,
        stage.PassOn,
        stage.Deliver,
        answers.Respond,
        answers.ArrangeHearing,
        answers.SendInvitation,
        answers.SendPapers,
        answers.HoldHearing,
        answers.SendOutcome,
        further.Escalate,
        further.AcceptEscalation,
        further.RefuseEscalation,
        further.ExtendWindow,
        further.AgreeDate,
        further.Extend,
        ends.Withdraw,
        ends.ReferElsewhere,
        ends.Refuse,
        ends.RefuseUnreasonable,
        ends.Close,
        ends.Reopen,
        ends.ReferToOmbudsman,
        ends.Determine,
        record.Note,
        record.AddFile,
        record.ChangeDetails,
        record.Correct,
        record.Annul,
        record.Merge,
        record.DeclareConflict,
        people.ChangePeople,
        people.ChangeAccess,
        letters.PostLetter,
    )
}
