"""Sends the digest by e-mail or chat, through apprise. Addresses hold passwords: they are in no message and no log."""

from __future__ import annotations

import logging
from collections.abc import Sequence

from flows.errors import DigestError
from flows.news import News

log = logging.getLogger("dekkend")


def send(news: News, addresses: Sequence[str]) -> int:
    """Send the digest to every address: as a page where the service takes pages, else as text.

    Returns:
        How many were told.

    Raises:
        DigestError: An address is not understood, or nobody at all could be told. Who was told is not told again when
            only others failed.
    """
    if not addresses:
        return 0
    from apprise import Apprise, NotifyFormat  # noqa: PLC0415  (a second, for those who told it where to send)

    told = 0
    for number, address in enumerate(addresses, 1):
        service = Apprise()
        if not service.add(address):
            raise DigestError(f"Adres {number} onder 'notify' wordt niet begrepen.")
        takes_pages = service[0].notify_format == NotifyFormat.HTML
        body, form = (news.html, NotifyFormat.HTML) if takes_pages else (news.text, NotifyFormat.TEXT)
        if service.notify(body=body, title=news.title, body_format=form):
            told += 1
        else:
            log.warning("not told", extra={"address": number})
    if not told:
        raise DigestError
    return told
