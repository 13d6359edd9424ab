"""The public side: Let Us Know, compliments and suggestions."""

from django.apps import AppConfig


class FeedbackConfig(AppConfig):
    """What customers send in, and what they are told."""

    name = "feedback"

    def ready(self) -> None:
        """Let compliments and suggestions be found, and their letters go in the format needed.

        What is told under “You said, we did” can be translated. What of compliments and suggestions
        waits for a second person, thanks that are due, and who waits for what is held of them,
        stand on My work; an answer to a survey that may be kept with a complaint stands there.
        """
        from cases.operations.dispatches import CARRIERS
        from cases.operations.enclosures import ENCLOSERS
        from cases.operations.notices import WRITTEN_ANEW
        from cases.selectors.approvals_beside import SOURCES, Source
        from cases.selectors.case_papers import ASIDES
        from cases.selectors.elsewhere import FINDERS
        from cases.selectors.landlords_texts import SECTIONS
        from cases.selectors.messages import READ_ELSEWHERE
        from cases.selectors.my_work import BESIDE
        from feedback.operations.outside_post import RemarkLetters, SurveyLetters
        from feedback.operations.remark_documents import enclosed_with
        from feedback.operations.remark_notices import write_anew
        from feedback.selectors.lessons import PUBLISHED
        from feedback.selectors.my_approvals import remark_approvals_for, unsettled_remark_letters
        from feedback.selectors.my_requests import HELD
        from feedback.selectors.my_thanks import THANKS
        from feedback.selectors.named_answers import WITH_COMPLAINTS
        from feedback.selectors.outside_post import REMARK, SURVEY
        from feedback.selectors.remark_letters import why_not_read
        from feedback.selectors.remarks import address_of_remark

        FINDERS.append(address_of_remark)
        CARRIERS.update({REMARK: RemarkLetters(), SURVEY: SurveyLetters()})
        ENCLOSERS.append(enclosed_with)
        WRITTEN_ANEW.append(write_anew)
        READ_ELSEWHERE.append(why_not_read)
        ASIDES.append(WITH_COMPLAINTS)
        BESIDE.extend([*THANKS, *HELD])
        SECTIONS.append(PUBLISHED)
        SOURCES.append(Source(unsettled_remark_letters, remark_approvals_for))
