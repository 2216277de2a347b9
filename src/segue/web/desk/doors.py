"""Who may open which page of the desk. Rows are guarded again by the queries below."""

from __future__ import annotations

from segue.kit.actor import TALENT_TEAM, Role
from segue.web.actors import staff_only

HIRING_TEAM = TALENT_TEAM | {Role.HIRING_MANAGER, Role.INTERVIEWER}

any_colleague = staff_only()
talent_team = staff_only(*TALENT_TEAM)
hiring_team = staff_only(*HIRING_TEAM)
deciders = staff_only(*TALENT_TEAM, Role.HIRING_MANAGER)
administrators = staff_only(Role.ADMINISTRATOR)
