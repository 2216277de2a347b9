"""Sending events to addresses outside, and to none inside."""

from segue.ports.webhooks.addresses import can_lead_outside
from segue.ports.webhooks.sender import GuardedSender

__all__ = ["GuardedSender", "can_lead_outside"]
