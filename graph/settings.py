"""Every setting, from the environment (`INNOCHAIN_…`) or the command line; `innochain docs` lists them."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated
from urllib.parse import urlsplit

from pydantic import Field, SecretStr, field_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

NEO4J_SCHEMES = ("neo4j", "neo4j+s", "neo4j+ssc", "bolt", "bolt+s", "bolt+ssc")


class Settings(BaseSettings):
    """Where things are and who may reach them."""

    model_config = SettingsConfigDict(env_prefix="INNOCHAIN_", extra="ignore")

    workspace: Path = Field(Path("innochain-data"), description="Folder of the ledger, the snapshots and the embedded store")
    store: str = Field("embedded", description="`embedded`, or the address of a Neo4j server: neo4j://host:7687")
    neo4j_user: str = Field("neo4j", description="User of the Neo4j server")
    neo4j_password: SecretStr = Field(SecretStr(""), description="Password of the Neo4j server; never part of the address")
    neo4j_database: str | None = Field(None, description="Database on the Neo4j server; empty = the server's default")
    queries: Path | None = Field(None, description="A folder of your own question files, served beside ours")
    standards: Path | None = Field(None, description="A folder of your own standards (*.yaml), judged by beside ours")
    query_seconds: float = Field(20.0, gt=0, description="Time budget of one query")
    max_shrink: float = Field(0.5, ge=0, le=1, description="A source that no longer states a larger share of its facts is asked about")
    row_budget: int = Field(20_000, gt=0, description="Most rows one query may give before it is cut and marked truncated")
    open_reads: bool = Field(False, description="Answer without a key off loopback too")
    api_keys: Annotated[tuple[str, ...], NoDecode] = Field((), description="sha256 of the keys that may read, separated by commas")
    private_keys: Annotated[tuple[str, ...], NoDecode] = Field((), description="sha256 of the keys that may read a graph built with private facts")
    review_keys: Annotated[tuple[str, ...], NoDecode] = Field((), description="sha256 of the keys that may write: take decisions, upload, build")
    cors_origins: Annotated[tuple[str, ...], NoDecode] = Field((), description="Origins that browsers may call from, separated by commas")
    frame_ancestors: str = Field("'none'", description="Who may frame our pages (CSP frame-ancestors)")

    @field_validator("api_keys", "private_keys", "review_keys", "cors_origins", mode="before")
    @classmethod
    def _split(cls, value: object) -> object:
        return tuple(v.strip() for v in value.split(",") if v.strip()) if isinstance(value, str) else value

    @field_validator("store")
    @classmethod
    def _address(cls, value: str) -> str:
        if value == "embedded":
            return value
        parts = urlsplit(value)
        if parts.scheme not in NEO4J_SCHEMES or not parts.hostname:
            raise ValueError("a store is `embedded` or an address such as neo4j://host:7687")
        if parts.username or parts.password:
            # the address is shown in logs and answers, so a secret in it would leak
            raise ValueError("no user or password inside the address: set INNOCHAIN_NEO4J_USER and INNOCHAIN_NEO4J_PASSWORD")
        return value
