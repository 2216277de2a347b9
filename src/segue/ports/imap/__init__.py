"""Mailboxes read by IMAP."""

from segue.ports.imap.mailbox import ImapMailbox

__all__ = ["ImapMailbox"]
