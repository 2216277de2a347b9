"""Tables of signing in: second steps, devices, providers' people, groups sent by SCIM, looking as another.

They are about colleagues alone; candidates sign in by a link and leave nothing here.
"""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from segue.kit.clock import now
from segue.kit.ids import uuid7
from segue.kit.privacy import holds_no_personal_data

ACCOUNT = "trust.Account"


class FactorKind(models.TextChoices):
    TOTP = "totp", _("Authenticator app")
    PASSKEY = "passkey", _("Passkey")


@holds_no_personal_data("How a colleague proves that it is them; its secrets are sealed or public keys.")
class SecondFactor(models.Model):
    """An authenticator app or a passkey of a colleague's.

    `secret` is the app's seed, sealed, or the passkey's public key as the authenticator gave it. `counter` is
    the last time step or signature count that was used: neither may come a second time.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    account = models.ForeignKey(ACCOUNT, on_delete=models.CASCADE, related_name="second_factors")
    kind = models.CharField(max_length=7, choices=FactorKind)
    name = models.CharField(max_length=80)
    credential_id = models.CharField(max_length=1400, null=True, unique=True)  # a passkey's, base64url
    secret = models.BinaryField()
    counter = models.BigIntegerField(default=0)
    made_at = models.DateTimeField(default=now)
    used_at = models.DateTimeField(null=True)


@holds_no_personal_data("A colleague's spare codes; of each only a digest.")
class RecoveryCode(models.Model):
    """A spare code for the day the phone is lost. It opens once."""

    id = models.BigAutoField(primary_key=True)
    account = models.ForeignKey(ACCOUNT, on_delete=models.CASCADE, related_name="recovery_codes")
    digest = models.CharField(max_length=64, unique=True)
    used_at = models.DateTimeField(null=True)


@holds_no_personal_data("Where a colleague is signed in: kept so that they can end it.")
class SignIn(models.Model):
    """One device a colleague signed in on, by which way, and whether it still goes on."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    account = models.ForeignKey(ACCOUNT, on_delete=models.CASCADE, related_name="sign_ins")
    session_key = models.CharField(max_length=40, db_index=True)
    how = models.CharField(max_length=60)  # "link", "password", "passkey", or a provider's name
    second = models.CharField(
        max_length=20, default=""
    )  # the second step: "totp", "passkey", "code", "provider"
    agent = models.CharField(max_length=200, default="")
    started_at = models.DateTimeField(default=now)
    seen_at = models.DateTimeField(default=now)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["account", "-seen_at"], name="sign_in_latest")]


@holds_no_personal_data("Whom a provider means by its own id, among colleagues.")
class LinkedIdentity(models.Model):
    """A colleague as a provider knows them. Its subject never changes, addresses do."""

    id = models.BigAutoField(primary_key=True)
    account = models.ForeignKey(ACCOUNT, on_delete=models.CASCADE, related_name="identities")
    provider = models.CharField(max_length=60)
    subject = models.CharField(max_length=500)
    email = models.CharField(max_length=254, default="")
    linked_at = models.DateTimeField(default=now)
    used_at = models.DateTimeField(default=now)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["provider", "subject"], name="linked_identity_once"),
        ]


@holds_no_personal_data("Digests of assertions already taken, so that none is taken twice.")
class SpentAssertion(models.Model):
    """An assertion that has opened a door once; kept as long as it would be believed."""

    digest = models.CharField(max_length=64, primary_key=True)
    until = models.DateTimeField(db_index=True)


@holds_no_personal_data("What a directory says of a colleague: names at work, department, its own id.")
class Provisioned(models.Model):
    """A colleague as the employer's directory keeps them (SCIM)."""

    account = models.OneToOneField(
        ACCOUNT, on_delete=models.CASCADE, primary_key=True, related_name="provisioned"
    )
    external_id = models.CharField(max_length=300, null=True, unique=True)
    given_name = models.CharField(max_length=150, default="")
    family_name = models.CharField(max_length=150, default="")
    title = models.CharField(max_length=200, default="")
    department = models.CharField(max_length=200, default="")
    version = models.PositiveIntegerField(default=1)
    made_at = models.DateTimeField(default=now)
    changed_at = models.DateTimeField(default=now)


@holds_no_personal_data("A group of the employer's directory, and the role it stands for here.")
class DirectoryGroup(models.Model):
    """A group sent by SCIM. Its members have `role`, unless another group of theirs has a further one."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    display_name = models.CharField(max_length=256, unique=True)
    external_id = models.CharField(max_length=300, null=True, unique=True)
    role = models.CharField(max_length=20, default="")  # "": says nothing
    version = models.PositiveIntegerField(default=1)
    made_at = models.DateTimeField(default=now)
    changed_at = models.DateTimeField(default=now)


@holds_no_personal_data("Which colleague is in which group of the directory.")
class GroupMember(models.Model):
    """A colleague's place in a group of the directory."""

    id = models.BigAutoField(primary_key=True)
    group = models.ForeignKey(DirectoryGroup, on_delete=models.CASCADE, related_name="members")
    account = models.ForeignKey(ACCOUNT, on_delete=models.CASCADE, related_name="directory_groups")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["group", "account"], name="group_member_once")]


@holds_no_personal_data("Which administrator looked with whose eyes, when and why; kept with the audit.")
class Impersonation(models.Model):
    """An administrator looking at Segue as somebody else, for a while and for a reason; never acting."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    administrator = models.ForeignKey(ACCOUNT, on_delete=models.CASCADE, related_name="+")
    target = models.ForeignKey(ACCOUNT, on_delete=models.CASCADE, related_name="looked_as")
    reason = models.CharField(max_length=500)
    started_at = models.DateTimeField(default=now)
    ends_at = models.DateTimeField()
    stopped_at = models.DateTimeField(null=True)
