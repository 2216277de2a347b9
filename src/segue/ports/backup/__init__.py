"""Backups: of one snapshot, checked by counts and hashes, brought back without anything being re-sent."""

from segue.ports.backup.drilling import drill
from segue.ports.backup.making import make_backup
from segue.ports.backup.manifest import BackupRefused, Manifest
from segue.ports.backup.restoring import Restored, restore
from segue.ports.backup.verifying import verify_backup

__all__ = ["BackupRefused", "Manifest", "Restored", "drill", "make_backup", "restore", "verify_backup"]
