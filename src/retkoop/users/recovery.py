"""A forgotten password (mot de passe oublié): a link by mail to the account's official address."""

from __future__ import annotations

from retkoop.users import links, mail
from retkoop.users.models import User
from retkoop.users.tries import Counter, begin


def send_link(identifier: str, address: str) -> None:
    """Send a link to choose a new password to the account that bears this identifier, if there is one with an address.

    Raises TooManyTries where too many were asked for, for this account or from this address; mail.NotSent.
    """
    begin([Counter(f"link for {identifier} from {address}", free=3), Counter(f"links from {address}", free=30)])
    user = User.objects.filter(username=identifier, is_active=True).first()
    if user is not None and user.email:
        link = links.public_address(links.path_of(links.token_for(user, links.RESET_LASTS)))
        mail.send("users/mail/link.txt", user, link=link)
