"""What is told under “You said, we did”, as texts that can be translated."""

from collections.abc import Iterator
from datetime import date

from cases.selectors.landlords_texts import LandlordsText, TextSection, shortened
from feedback.models import Lesson


def _published(_today: date) -> Iterator[LandlordsText]:
    for row in Lesson.objects.published().only("you_said", "we_did"):
        named = f"“{shortened(row.you_said)}”"
        yield LandlordsText(f"lesson-{row.pk}-said", f"You said: {named}", row.you_said)
        yield LandlordsText(f"lesson-{row.pk}-did", f"We did about {named}", row.we_did)


PUBLISHED = TextSection("you-said", "You said, we did", _published)
