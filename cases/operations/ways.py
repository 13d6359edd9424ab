"""The ways in which a customer can be reached, and which of them are safe."""

from cases.models import Customer


def channel_refusal(customer: Customer, channel: str) -> str:
    """Return why this customer cannot be told that way, or nothing."""
    if channel == "email" and customer.email_unsafe:
        return "Not safe: the customer asked us not to e-mail."
    if channel == "phone" and customer.phone_unsafe:
        return "Not safe: the customer asked us not to ring."
    if channel == "post" and customer.post_unsafe:
        return "Not safe: the customer asked us not to write by post."
    if channel == "email" and not customer.email:
        return "There is no e-mail address for this customer."
    if channel == "post" and not customer.address_lines:
        return "There is no postal address for this customer."
    return ""


def ways_to_write(customer: Customer) -> list[str]:
    """Return the safe ways to write to a customer for which there is an address, the best first."""
    prefers_email = customer.preferred_channel in ("email", "online")
    ways = ("email", "post") if prefers_email else ("post", "email")
    return [way for way in ways if not channel_refusal(customer, way)]
