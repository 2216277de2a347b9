"""Mail: kept in our own outbox by default, or handed to an SMTP server."""

from segue.ports.smtp.outbox import OutboxChannel
from segue.ports.smtp.server import SmtpChannel, SmtpServer, read_smtp_url

__all__ = ["OutboxChannel", "SmtpChannel", "SmtpServer", "read_smtp_url"]
