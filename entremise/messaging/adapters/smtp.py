import re
import smtplib
import ssl
from dataclasses import dataclass, field
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from urllib.parse import unquote, urlsplit

from entremise.messaging.adapters.base import ChannelDown, Outgoing, Receipt, Undeliverable

_ADDRESS = re.compile(r"[^@\s<>,;]+@[^@\s<>,;]+")


@dataclass(frozen=True)
class Smtp:
    """Email through one server, a connection per letter.

    sender: the address that letters come from; sender_name stands before it. encryption: "starttls", "tls" (from the
    first byte, usually port 465) or "" (a relay on the same machine). A server that cannot do what is asked is down,
    never spoken to in clear.
    """

    host: str
    port: int
    sender: str
    sender_name: str = ""
    reply_to: str = ""
    username: str = ""
    password: str = field(default="", repr=False)
    encryption: str = "starttls"
    timeout: float = 20

    @classmethod
    def from_url(cls, url: str, *, sender: str, sender_name: str = "", reply_to: str = "") -> "Smtp":
        """`smtps://user:password@host:465` speaks TLS at once, `smtp://…:587` by STARTTLS except to this machine."""
        parts = urlsplit(url)
        if parts.scheme not in ("smtp", "smtps") or not parts.hostname:
            raise ValueError("the mail server is written smtp://host:port or smtps://host:port")
        here = parts.hostname in ("localhost", "127.0.0.1", "::1")
        tls = parts.scheme == "smtps"
        return cls(
            host=parts.hostname,
            port=parts.port or (465 if tls else 25 if here else 587),
            sender=sender,
            sender_name=sender_name,
            reply_to=reply_to,
            username=unquote(parts.username or ""),
            password=unquote(parts.password or ""),
            encryption="tls" if tls else "" if here else "starttls",
        )

    def send(self, message: Outgoing) -> Receipt:
        mail = self._mail(message)
        try:
            with self._connect() as server:
                return Receipt(_deliver(server, mail))
        except (OSError, smtplib.SMTPException) as error:
            raise ChannelDown(str(error)) from error

    def _mail(self, message: Outgoing) -> EmailMessage:
        mail = EmailMessage(policy=SMTP)
        domain = self.sender.rpartition("@")[2]
        if not _ADDRESS.fullmatch(message.to):
            raise Undeliverable("not an email address")
        to, _, at = message.to.rpartition("@")
        mail["To"] = Address(username=to, domain=at)
        mail["From"] = Address(self.sender_name, addr_spec=self.sender)
        if self.reply_to:
            mail["Reply-To"] = self.reply_to
        mail["Subject"] = " ".join(message.subject.split())  # A line break here would start another header.
        mail["Date"] = format_datetime(message.queued_at)
        mail["Message-ID"] = f"<{message.reference}@{domain}>"
        mail["Auto-Submitted"] = "auto-generated"  # Holiday responders stay silent.
        mail.set_content(message.body, charset="utf-8")
        for file in message.attachments:
            main, _, sub = file.mime.partition("/")
            mail.add_attachment(file.content, maintype=main, subtype=sub, filename=file.name)
        return mail

    def _connect(self) -> smtplib.SMTP:
        if self.encryption == "tls":
            secure = ssl.create_default_context()
            server: smtplib.SMTP = smtplib.SMTP_SSL(self.host, self.port, timeout=self.timeout, context=secure)
        else:
            server = smtplib.SMTP(self.host, self.port, timeout=self.timeout)
        try:
            if self.encryption == "starttls":
                server.starttls(context=ssl.create_default_context())
            if self.username:
                server.login(self.username, self.password)
        except BaseException:
            server.close()
            raise
        return server


def _deliver(server: smtplib.SMTP, mail: EmailMessage) -> str:
    try:
        server.send_message(mail)
    except smtplib.SMTPRecipientsRefused as error:
        code, answer = next(iter(error.recipients.values()))
        raise _refusal(code, answer) from error
    except smtplib.SMTPDataError as error:
        raise _refusal(error.smtp_code, error.smtp_error) from error
    except smtplib.SMTPNotSupportedError as error:
        raise Undeliverable("the server cannot write to such an address") from error
    return "accepted"


def _refusal(code: int, answer: bytes | str) -> ChannelDown | Undeliverable:
    """5xx is final, anything else passes (RFC 5321, §4.2.1)."""
    text = answer.decode("utf-8", "replace") if isinstance(answer, bytes) else answer
    kind = Undeliverable if 500 <= code < 600 else ChannelDown
    return kind(f"{code} {text}")
