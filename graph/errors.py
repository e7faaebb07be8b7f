"""Every error Innochain raises on purpose: one tree, one HTTP status and one exit code each.

    InnochainError                 500  exit 1
    ├── BadInput                   422  exit 2   what was given cannot be right: says which file, row, field, and what to do
    │   ├── BadDeclaration         500  exit 1   ontology, question header or mapping refused at load, with file and line
    │   ├── BadParameter           422  exit 2   a parameter of a question or route
    │   ├── BadFile                422  exit 1   a file that cannot be read as what it should be
    │   ├── TooBad                 422  exit 1   more rows of a source were refused than was allowed; nothing was written
    │   └── BadRow                 422  exit 3   one row of a table; collected, never fatal
    ├── Unknown                    404  exit 4   no such node, claim, document or question; carries suggestions
    ├── Ambiguous                  300  exit 2   a name that several things bear; carries the candidates
    ├── Merged                     308  exit 0   an id that was joined into another; carries the new one
    ├── CursorGone                 410  exit 1   a page of a graph version that is no longer served
    ├── Denied                     401  exit 1   a key is missing or wrong
    ├── Contradiction              409  exit 1   judgements that cannot all hold
    ├── Busy                       409  exit 1   another process is writing in this workspace
    ├── WorkspaceMismatch          409  exit 1   the workspace was made by another ontology, or facts and made-up data would meet
    ├── Empty                      503  exit 1   nothing has been built or published yet
    ├── StoreUnavailable           503  exit 1   the graph store does not answer or refuses the credentials
    ├── StoreRefused               409  exit 1   the store holds something that is not ours, or not what was counted
    ├── ReadOnly                   403  exit 1   a write where only reads are allowed
    └── QueryTimeout               504  exit 1   the query's time budget ran out
"""

from __future__ import annotations

from typing import Any, ClassVar


class InnochainError(Exception):
    """Base of all. `errors` lists particulars as mappings; `detail` is one sentence for people."""

    status: ClassVar[int] = 500
    exit_code: ClassVar[int] = 1

    def __init__(self, detail: str, **particulars: Any) -> None:
        super().__init__(detail)
        self.detail = detail
        self.errors: list[dict[str, Any]] = particulars.pop("errors", [])
        self.particulars = particulars

    @property
    def code(self) -> str:
        """Stable snake_case name of the class, for programs."""
        return "".join("_" + c.lower() if c.isupper() else c for c in type(self).__name__).lstrip("_")


class BadInput(InnochainError):
    status, exit_code = 422, 2


class BadDeclaration(BadInput):
    status, exit_code = 500, 1


class BadParameter(BadInput):
    pass


class BadFile(BadInput):
    exit_code = 1


class TooBad(BadInput):
    exit_code = 1


class BadRow(BadInput):
    """One refused row. `reason_zh` is for the quarantine file; `detail` is the English sentence."""

    exit_code = 3

    def __init__(self, detail: str, reason_zh: str = "", field: str = "", value: Any = None) -> None:
        super().__init__(detail)
        self.reason_zh = reason_zh or detail
        self.field = field
        self.value = value


class Unknown(InnochainError):
    status, exit_code = 404, 4


class Ambiguous(InnochainError):
    status, exit_code = 300, 2


class Merged(InnochainError):
    status, exit_code = 308, 0


class CursorGone(InnochainError):
    status = 410


class Denied(InnochainError):
    status = 401


class Contradiction(InnochainError):
    status = 409


class Busy(InnochainError):
    status = 409


class WorkspaceMismatch(InnochainError):
    status = 409


class Empty(InnochainError):
    status = 503


class StoreUnavailable(InnochainError):
    status = 503


class StoreRefused(InnochainError):
    status = 409


class ReadOnly(InnochainError):
    status = 403


class QueryTimeout(InnochainError):
    status = 504
