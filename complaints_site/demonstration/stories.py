"""What the residents complain about."""

from typing import NamedTuple


class Story(NamedTuple):
    """A complaint as it came in, and what answers it."""

    area: str
    category: str
    summary: str
    wanted: str
    answer: str
    is_sensitive: bool = False


STORIES = (
    Story(
        "repairs-north",
        "damp-and-mould",
        "There is black mould on the bedroom wall behind the cot. I reported it in March and was "
        "told somebody would come within ten days. Nobody came, and my daughter coughs all night.",
        "Treat the mould and find out where the water comes from. Say sorry for the wait.",
        "Our surveyor found a leaking gutter joint. It was renewed, and the wall treated and "
        "repainted. The first report was closed by mistake, for which we are sorry.",
    ),
    Story(
        "repairs-north",
        "repairs",
        "The lift in Quay House has been out of order since Friday. I live on the sixth floor and "
        "cannot get my wheelchair down. I have missed a hospital appointment.",
        "Mend the lift and tell us what happens when it breaks again.",
        "The lift was mended on the Tuesday. From now on we ring every resident who cannot use "
        "the stairs within two hours when the lift fails.",
    ),
    Story(
        "repairs-south",
        "repairs",
        "Your plumber came twice without the right part for the boiler. We have had no hot water "
        "for eleven days with two small children.",
        "Hot water this week, and something for the days without it.",
        "The valve was fitted the same day we looked into this. We pay the daily amount for the "
        "days without hot water.",
    ),
    Story(
        "charges",
        "rent-and-charges",
        "My service charge has gone up by 240 pounds, and nobody can tell me what the cleaning "
        "line is for. The stairs have not been cleaned since January.",
        "A bill that I can understand, and money back for cleaning that was not done.",
        "The cleaning was missed from January to March. We have taken it off the bill and sent a "
        "line-by-line explanation.",
    ),
    Story(
        "tenancies",
        "asb",
        "I kept the diary you asked for about the noise next door and sent it in four weeks ago. "
        "Since then I have heard nothing at all.",
        "Tell me what you are doing, and when.",
        "The diary was not passed on when the officer changed. A new officer has rung, and the "
        "case was reviewed the same week.",
        is_sensitive=True,
    ),
    Story(
        "lettings",
        "lettings",
        "I was told the flat was mine and gave notice to my landlord. Then you let it to somebody "
        "else and said it was a mistake in the office.",
        "An explanation, my costs, and the next flat of that size.",
        "Two offers were made for the same flat. You have been offered another, and we meet the "
        "costs of the notice.",
    ),
    Story(
        "repairs-south",
        "planned-works",
        "The new kitchen was left half finished over the bank holiday. There were bare wires where "
        "the cooker should be, and nobody answered the emergency number.",
        "Finish the kitchen, make it safe, and say why nobody answered.",
        "The electrician made it safe on the day of your call to us, and the kitchen was finished "
        "on Thursday. The contractor’s emergency line has been changed.",
    ),
    Story(
        "tenancies",
        "communication",
        "I have rung five times about my garden fence. Every time I explain everything again, and "
        "every time somebody promises to ring back and does not.",
        "One person who knows about it and rings me back.",
        "You now have one named contact. The fence is on order, and you have the date in writing.",
    ),
    Story(
        "repairs-north",
        "estates",
        "The bins at Quay House overflow every week and there are rats. The children cannot play "
        "outside.",
        "More bins, emptied twice a week, and the rats dealt with.",
        "A second collection was agreed with the council, and pest control has been four times.",
    ),
    Story(
        "repairs-north",
        "staff-conduct",
        "The operative who came on Monday was rude, smoked in my hallway, and left the door open "
        "so that the cat got out.",
        "An apology, and that he is not sent to me again.",
        "The operative’s manager has spoken with him. Another person will do your repairs.",
    ),
)
# Why a customer asks for the next stage.
REASONS = (
    "The letter does not say what happens if it comes back.",
    "Nobody spoke to us. Whoever wrote the answer only asked the contractor.",
    "The day in the letter has passed and nothing was done.",
)
NOTES = (
    "Rang the customer to say where things stand; thanked us for the call.",
    "Asked the contractor for the job sheet and the photographs.",
    "Visited with the surveyor. Readings and photographs are in the file.",
    "Customer prefers a call after four in the afternoon.",
)

# Complaints that come once, each to show one thing.
ABOUT_AN_OFFICER = Story(
    "repairs-north",
    "staff-conduct",
    "Mr Morris told my neighbour about my rent arrears on the stairs. That is nobody’s business. "
    "I do not want him in my home again.",
    "Somebody else for my repairs, and to know what you do about it.",
    "",
)
ABOUT_THE_COORDINATOR = Story(
    "housing",
    "complaint-handling",
    "I complained in the spring, and Ms Shah closed it without asking me. When I rang she said "
    "that I could go to the Ombudsman if I had nothing better to do.",
    "My complaint opened again, by somebody other than Ms Shah.",
    "",
)
NOT_SAFE_TO_RING = Story(
    "tenancies",
    "lettings",
    "I asked in January to be moved because of my former partner. The letter about it went to the "
    "old address, where he still gets the post.",
    "A move, and letters to nowhere but my sister’s address.",
    "The move is approved and the address is changed in every system we have.",
    is_sensitive=True,
)
BY_TELEPHONE = (
    Story(
        "lettings",
        "lettings",
        "Was told on the telephone that the viewing was on Tuesday. Took a day off. Nobody came, "
        "and the flat was let on Monday.",
        "The day’s pay, and another viewing.",
        "The day’s pay is on its way, and there is a viewing on Thursday.",
    ),
    Story(
        "tenancies",
        "communication",
        "Third call about the succession of her late husband’s tenancy. Each time she is asked "
        "for the death certificate again.",
        "That nobody asks for it again, and a letter that says the home is hers.",
        "The certificate is on file, and the letter was sent by hand.",
    ),
    Story(
        "tenancies",
        "estates",
        "The hedge by Mast Way hides cars from the school crossing. Asked for it to be cut in "
        "June and again in August.",
        "The hedge cut before the clocks change.",
        "The hedge was cut on the day after the call.",
    ),
)
APPEAL = Story(
    "tenancies",
    "planned-works",
    "My bathroom was to be made suitable after my stroke. Eleven months on there is a step where "
    "the shower should be, and I wash at the sink.",
    "The shower put in, and an independent look at why it took so long.",
    "The grant was applied for under the wrong address, and nobody noticed for five months.",
)
LATE_REQUEST = Story(
    "repairs-south",
    "repairs",
    "Water came through the kitchen ceiling three times. Each time the ceiling was painted and "
    "the pipe was left.",
    "The pipe mended, and the ceiling not painted again until it is.",
    "The pipe was traced and renewed, and the ceiling made good after that.",
)
