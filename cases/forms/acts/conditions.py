"""Which boxes of the acts may stay empty and are needed all the same, once something else is said.

Beside their labels stands that instead of “optional”.
"""

from cases.rules.awards import Head

# More than a form asks for at once.
_PLACES = range(1, 31)

CONDITIONS = {
    "closed_because": "needed if that way is closed",
    "unwritten_because": "needed if they are not written to",
    "format_because": "needed if it is in another",
    "easy_read": "needed for a letter in easy read",
    "language_because": "needed then",
    "place": "needed, unless all join from elsewhere",
    "link": "needed, unless there is a place",
    "other_day_because": "needed if it was another day than arranged",
    "considered_because": "needed if it was another customer’s",
    "withheld_because": "needed if something is left out",
    "proof": "needed, or a file or an entry",
    "pay_by": "needed with an amount",
    "offer_basis": "needed with an amount",
    "something_else": "needed with an amount for it",
    "offer_something_else": "needed with an amount for it",
    **{head.value: "one amount is needed" for head in Head},
    **{f"offer_{head.value}": "one amount is needed" for head in Head},
    **{f"promise_{place}_on": "needed with a promise" for place in _PLACES},
    "promise_1": "needed",
    "new_1": "one point is needed",
    "sought": "needed, or tick that they did not say",
    "outcome": "needed if there are no points",
    "remedies": "needed if something is upheld",
    "contents": "needed, or say below what was sent",
    **{f"order_{place}": "needed with its day" for place in _PLACES},
    **{f"order_{place}_on": "needed with an order" for place in _PLACES},
    **{f"issue_{place}": "needed with a finding" for place in _PLACES},
}
