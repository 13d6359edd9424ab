"""E-mails as they really come, and as somebody sends them who means harm; made here."""

from collections.abc import Iterator
from email.message import EmailMessage
from email.mime.application import MIMEApplication
from email.mime.multipart import MIMEMultipart

PDF = b"%PDF-1.7\n" + b"x" * 400
ZOE = "Zoë Smith <zoe@example.com>"


def mail(
    text: str = "The lift is still out of order.",
    *,
    sender: str = ZOE,
    subject: str = "Lift",
    **more,
) -> bytes:
    """Return a plain e-mail with further headers, `In_Reply_To` for `In-Reply-To`."""
    message = EmailMessage()
    message["From"] = sender
    message["To"] = "complaints@landlord.example"
    message["Subject"] = subject
    message["Date"] = "Mon, 08 Jun 2026 09:30:00 +0000"
    headers = {"Message_ID": "<one@example.com>", **more}
    for name, value in headers.items():
        if value is not None:
            message[name.replace("_", "-")] = value
    message.set_content(text)
    return message.as_bytes()


def with_files(*files: tuple[str, bytes], **more) -> bytes:
    """Return an e-mail with attachments."""
    head, _, text = mail(**more).partition(b"\n\n")
    message = MIMEMultipart()
    for line in head.decode().splitlines():
        name, _, value = line.partition(": ")
        if name in ("From", "Subject", "Date", "Message-ID", "In-Reply-To"):
            message[name] = value
    part = EmailMessage()
    part.set_content(text.decode())
    message.attach(part)
    for name, content in files:
        attached = MIMEApplication(content, "octet-stream")
        attached.add_header("Content-Disposition", "attachment", filename=name)
        message.attach(attached)
    return message.as_bytes()


def bounce(message_id: str, *, action: str = "failed") -> bytes:
    """Return a report that a message could not be delivered."""
    return (
        "From: MAILER-DAEMON@mx.example.com\nReturn-Path: <>\nSubject: Undelivered\n"
        "Message-ID: <bounce@mx.example.com>\nMIME-Version: 1.0\n"
        'Content-Type: multipart/report; report-type=delivery-status; boundary="b"\n\n'
        "--b\nContent-Type: text/plain\n\nYour message could not be delivered.\n"
        "--b\nContent-Type: message/delivery-status\n\n"
        "Reporting-MTA: dns; mx.example.com\n\n"
        f"Final-Recipient: rfc822; zoe@example.com\nAction: {action}\nStatus: 5.1.1\n"
        "Diagnostic-Code: smtp; 550 5.1.1 <zoe@example.com> no such mailbox\n\n"
        "--b\nContent-Type: message/rfc822\n\n"
        f"Message-ID: <{message_id}>\nSubject: Your letter\n\nDear Zoe\n--b--\n"
    ).encode()


def raw(kind: str, body: bytes, *headers: str) -> bytes:
    """Return an e-mail of a type, written byte by byte."""
    head = [f"From: {ZOE.encode().decode('latin-1')}", "Subject: Odd", f"Content-Type: {kind}"]
    return "\n".join([*head, *headers]).encode("latin-1") + b"\n\n" + body


def odd_mails() -> Iterator[tuple[str, bytes]]:
    """Yield what each is and what is in it."""
    html = "<p>Hello<br>there</p><script>alert(1)</script><img src=x onerror=alert(1)>"
    nested = 'multipart/mixed; boundary="a"'
    deep = b"--a\nContent-Type: multipart/mixed; boundary=a\n\n" * 300
    yield "empty", b""
    yield "head only", b"Subject: x"
    yield "no head", b"\n\nhello"
    yield "no letters", bytes(range(256)) * 40
    yield "wrong letters", raw("text/plain; charset=utf-8", b"Zo\xeb rang")
    yield "unknown letters", raw("text/plain; charset=klingon", b"Zo\xeb rang")
    yield "UTF-7", raw("text/plain; charset=utf-7", b"+ADw-script+AD4-")
    yield "broken base64", raw("text/plain", b"@@@@", "Content-Transfer-Encoding: base64")
    yield "HTML only", raw("text/html; charset=utf-8", html.encode())
    yield "parts without end", raw(nested, deep)
    yield "no boundary", raw("multipart/mixed", b"--x\n\nhello")
    yield "winmail.dat", with_files(("winmail.dat", b"\x78\x9f\x3e\x22" + bytes(400)))
    yield "invitation", raw("text/calendar; method=REQUEST", b"BEGIN:VCALENDAR\nEND:VCALENDAR")
    yield "encrypted", raw('multipart/encrypted; boundary="e"', b"--e\n\nVersion: 1\n--e--")
    yield "no Message-ID", mail(Message_ID=None)
    yield "two Message-IDs", mail().replace(b"Subject:", b"Message-ID: <two@x.example>\nSubject:")
    yield "turned name", mail(sender='"\u202eevil\u202c" <a@example.com>')
    yield (
        "name with a line",
        b"From: =?utf-8?q?Zoe=0D=0ABcc=3A_x=40example=2Ecom?= <a@b.example>\n\nx",
    )
    yield "subject with a line", b"From: a@b.example\nSubject: =?utf-8?q?a=0Ab=00c?=\n\nx"
    yield "sender with lines", b"From: a@b.example\r\n\tBcc: c@d.example\r\n\r\nx"
    yield "no sender", b"Subject: hello\n\nx"
    yield "senders by the thousand", b"From: " + b"a@b.example, " * 5_000 + b"\n\nx"
    yield "endless head", b"Subject: " + b"x" * 500_000 + b"\n\nx"
    yield "many references", mail("AAAA-AAAA-A " * 20_000)
    yield "way out of the folder", with_files(("../../etc/passwd.pdf", PDF))
    yield "dots for a name", with_files(("..", PDF), (".", PDF))
    yield "NUL", raw("text/plain", b"a\x00b")
    yield "half characters", raw("text/plain; charset=utf-16", b"\xd8\x00\xd8\x00")
    yield "an e-mail in an e-mail", raw("message/rfc822", mail("Inside") + html.encode())
    yield "many files", with_files(*((f"{n}.pdf", PDF) for n in range(40)))
