"""The landlord's mailbox, on a real IMAP server."""

import imaplib
from datetime import timedelta
from urllib.parse import urlsplit

import pytest

from cases import tasks
from cases.models import InboundMail, Job, MailFile, StoredFile
from cases.operations.mail_intake import take_mail
from cases.operations.mailbox import Mailbox, MailboxAway, read_mailbox
from cases.rules.roles import Role
from cases.tests.background.odd_mails import PDF, mail, odd_mails, with_files
from cases.tests.factories import MONDAY_MORNING as NOW
from complaints_site.tests.servers import free_port, imap_server
from feedback.operations.housekeeping import remove_orphans

pytestmark = pytest.mark.servers


class Post:
    """The mailbox as its owner sees it."""

    def __init__(self, url: str) -> None:
        parts = urlsplit(url)
        self.url = url
        self.server = imaplib.IMAP4(parts.hostname, parts.port)
        self.server.login(parts.username, parts.password)

    def add(self, *contents: bytes) -> None:
        """Let e-mails arrive."""
        for content in contents:
            assert self.server.append("INBOX", None, None, content)[0] == "OK"

    def count(self, folder: str, which: str = "ALL") -> int:
        """Return how many e-mails are in a folder."""
        self.server.select(folder, readonly=True)
        return len(self.server.uid("search", which)[1][0].split())


@pytest.fixture(scope="module")
def imap():
    """Run the server."""
    with imap_server() as url:
        yield url


@pytest.fixture
def post(imap, house):
    """Empty the mailbox and its folder for what is done."""
    post = Post(imap)
    for folder in ("INBOX", "Done"):
        state, found = post.server.select(folder)
        if state == "OK" and found != [b"0"]:
            post.server.store("1:*", "+FLAGS", r"(\Deleted)")
            post.server.expunge()
    post.server.create("Done")
    yield post
    post.server.logout()


def read(post: Post, **more) -> dict[str, int]:
    return read_mailbox(Mailbox(post.url, **more), now=NOW, seconds=60)


def test_what_is_unread_is_taken_in_and_marked_as_read(post):
    post.add(mail(), mail("More.", Message_ID="<two@example.com>"))

    assert read(post) == {"complaint": 2}
    assert read(post) == {}
    assert post.count("INBOX", "UNSEEN") == 0
    assert post.count("INBOX") == 2


def test_what_is_taken_in_is_moved_where_the_landlord_wants_it(post):
    post.add(mail())

    read(post, done_folder="Done")

    assert (post.count("INBOX"), post.count("Done")) == (0, 1)


def test_who_was_stopped_before_marking_it_takes_nothing_in_twice(post):
    post.add(mail())
    read(post)
    post.server.select("INBOX")
    post.server.store("1:*", "-FLAGS", r"(\Seen)")

    assert read(post) == {"again": 1}
    assert InboundMail.objects.count() == 1


def test_what_could_not_be_kept_stays_unread_and_is_taken_in_later(post, settings, tmp_path):
    post.add(mail())
    kept, settings.MEDIA_ROOT = settings.MEDIA_ROOT, tmp_path / "file"
    settings.MEDIA_ROOT.write_text("No folder.")

    with pytest.raises(MailboxAway):
        read(post)

    assert (post.count("INBOX", "UNSEEN"), InboundMail.objects.count()) == (1, 0)
    settings.MEDIA_ROOT = kept
    assert read(post) == {"complaint": 1}


def test_of_one_that_is_too_large_the_head_is_taken_in_and_it_stays(post):
    post.add(mail("x " * 9_000))

    assert read(post, most_bytes=5_000, done_folder="Done") == {"complaint": 1}
    assert (post.count("INBOX"), post.count("Done")) == (1, 0)
    assert "too large" in InboundMail.objects.get().refused[0]


@pytest.mark.promise("P15")
def test_no_odd_email_keeps_the_others_from_being_read(post):
    odd = [content for _, content in odd_mails() if content]
    post.add(*odd, mail("The last.", Message_ID="<last@example.com>"))

    took = read(post)

    assert sum(took.values()) == len(odd) + 1
    assert InboundMail.objects.filter(text="The last.").exists()
    assert post.count("INBOX", "UNSEEN") == 0


def test_the_task_tells_operators_how_the_mailbox_stands(post, settings, client, house):
    settings.IMAP_URL = post.url
    post.add(mail("About KX7M-2QPD-6"))

    tasks.fetch_mail()

    client.force_login(house[Role.SYSTEM_ADMINISTRATOR])
    assert Job.objects.get(name="read mailbox").last_result == "1 waiting"
    assert "1 e-mail waits to be sorted" in client.get("/operations/").content.decode()


def test_a_mailbox_that_is_away_is_a_failure_that_operators_see(house, settings, client):
    settings.IMAP_URL = f"imap://post:secret@127.0.0.1:{free_port()}/INBOX"

    with pytest.raises(MailboxAway):
        tasks.fetch_mail()

    client.force_login(house[Role.SYSTEM_ADMINISTRATOR])
    assert "failed 1 times since: MailboxAway" in client.get("/operations/").content.decode()


def test_the_files_of_an_email_are_never_cleared_away(house):
    content = with_files(("bill.pdf", PDF))
    take_mail(content, received_at=NOW, now=NOW)

    remove_orphans(now=NOW + timedelta(days=40))

    assert MailFile.objects.count() == StoredFile.objects.count() == 2


def test_without_a_mailbox_the_task_does_nothing(house):
    tasks.fetch_mail()

    assert Job.objects.get(name="read mailbox").last_result == ""
