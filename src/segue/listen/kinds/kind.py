"""What a kind of signal is: its purpose, its weight, and the typed shape of its props."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Annotated, Any, Final, TypeVar

from pydantic import BaseModel, ConfigDict

T = TypeVar("T")
PropsDict = dict[str, Any]
Upgrade = Callable[[PropsDict], PropsDict]


class _Clear:
    """Marks a field that tells nothing of anybody: it may stay where a signal is nobody's."""

    def __repr__(self) -> str:
        return "CLEAR"


CLEAR: Final = _Clear()
Clear = Annotated[T, CLEAR]


class Props(BaseModel):
    """The props of one kind. A field nobody named is refused: a typing error must not vanish."""

    model_config = ConfigDict(extra="forbid", allow_inf_nan=False)


class AnyProps(BaseModel):
    """Props whose names the sender chooses; the fields given here only say what is usual."""

    model_config = ConfigDict(extra="allow")


@dataclass(frozen=True)
class Kind:
    """One kind: which consent it needs, its weight in a taste, its shape, and who may say it."""

    name: str
    purpose: str  # "behaviour" needs that consent; "service" is kept to run what was asked for
    weight: float = 0.0
    note: str = ""
    version: int = 1
    props: type[BaseModel] = Props
    own_only: bool = False  # only our own code says it; a collector refuses it …
    beacon: bool = False  # … unless one of our own pages does, with its token
    upgrades: Mapping[int, Upgrade] = field(default_factory=dict)  # from version n to n + 1

    @cached_property
    def is_open(self) -> bool:
        """Say whether the sender chooses the names of the props."""
        return self.props.model_config.get("extra") == "allow"

    @cached_property
    def clear_fields(self) -> frozenset[str]:
        fields = self.props.model_fields.items()
        return frozenset(name for name, one in fields if any(mark is CLEAR for mark in one.metadata))

    @cached_property
    def required_fields(self) -> frozenset[str]:
        return frozenset(name for name, one in self.props.model_fields.items() if one.is_required())
