"""The flows that a Prefect server knows: ``nightly``, and ``helper`` for machines that help along. See prefect.yaml.

Annotations are real ones here (no ``from __future__``): Prefect makes a form of them, and can't resolve them as text.
Parameters are names of files and numbers. What leaves a flow as an exception has a message without text of a document.
"""

import datetime as dt
import logging
import os
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Any

from prefect import flow, get_run_logger, tags, task
from prefect.artifacts import create_link_artifact, create_table_artifact
from prefect.client.schemas import State
from prefect.states import Completed
from pydantic import Field

from flows.batch import LOCAL, in_dutch
from flows.config import Inbox, read_config
from flows.discovery import Discovery
from flows.errors import AddressUnreachableError, DigestError, FolderUnreadableError
from flows.flow import PLAIN, FlowStoppedError
from flows.helpers import help_out
from flows.log import start_log
from flows.news import News
from flows.nightly import NightlyResult, look_into, run_nightly
from flows.notify import send
from flows.settings import prepare_environment
from flows.words import words
from flows.worker import trace_of
from pipeline.errors import DekkendError
from pipeline.store.open import open_store
from pipeline.store.shares import Shared

prepare_environment()
if os.environ.get("DEKKEND_LOG") == "json":  # as `nightly serve --log json` passes on
    start_log("json")
log = logging.getLogger("dekkend")

_MENDS = (AddressUnreachableError, FolderUnreadableError, DigestError)


def _may_mend(_task: Any, _run: Any, state: State[Any]) -> bool:
    """Whether trying again can help: a share or a mail server that was away; never a document or a wrong setting."""
    try:
        state.result()
    except _MENDS:
        return True
    except Exception:  # noqa: BLE001  whatever it is, it is not of the kind that mends itself
        return False
    return False


@task(
    name="look-into-inbox",
    task_run_name=words("look", "{inbox.name}"),
    **PLAIN | {"retries": 2, "retry_delay_seconds": [10, 60], "retry_condition_fn": _may_mend},
)
def look(inbox: Inbox, out: Path) -> Discovery:
    """Find the documents of an inbox."""
    return look_into(inbox, out)


@task(
    name="send-digest",
    task_run_name=words("tell"),
    **PLAIN | {"retries": 3, "retry_delay_seconds": [30, 120, 600], "retry_condition_fn": _may_mend},
)
def tell(news: News, addresses: Sequence[str]) -> int:
    """Send the digest."""
    return send(news, addresses)


@flow(
    name="dekkend-nightly",
    flow_run_name=lambda: words("nightly", in_dutch(dt.datetime.now().astimezone().date())),
    persist_result=False,
)
def nightly(
    settings: Annotated[
        str, Field(title="Instellingen", description="Pad naar nightly.yaml, op de machine waar dit draait")
    ] = "nightly.yaml",
    on: Annotated[
        str,
        Field(title="Waar", description="local, pool:NAAM of dask://machine:8786", pattern=r"^(local$|pool:|dask://)"),
    ] = LOCAL,
    allow_empty: Annotated[
        bool, Field(title="Lege inbox geloven", description="De verslagen van een inbox die leeg is, gaan dan weg")
    ] = False,
) -> State[int]:
    """Toets wat er in de inboxen veranderde, werk opslag en overzicht bij, en stuur een bericht als er nieuws is."""
    try:
        with tags("dekkend"):
            result = run_nightly(read_config(Path(settings)), on=on, allow_empty=allow_empty, look=look, tell=tell)
    except DekkendError:
        raise
    except Exception as problem:  # noqa: BLE001  its message may quote a document
        log.error("intern: %s", trace_of(problem))  # noqa: TRY400  no traceback: it ends with the message
        raise FlowStoppedError from None
    _show(result)
    return Completed(message=result.summary_line(), data=result.run)


@flow(name="dekkend-helper", persist_result=False)
def helper(
    out: Annotated[str, Field(title="Map met verslagen")],
    run: Annotated[int, Field(title="Run")],
    inbox: Annotated[str, Field(title="Inbox")],
) -> State[int]:
    """Help een run die over machines is verdeeld. Start vanzelf; de opslag staat in DEKKEND_STORE."""
    try:
        store = open_store()
        done = help_out(store, Shared(run=run, inbox=inbox), Path(out))
    except DekkendError:
        raise
    except Exception as problem:  # noqa: BLE001  its message may quote a document
        log.error("intern: %s", trace_of(problem))  # noqa: TRY400
        raise FlowStoppedError from None
    return Completed(message=words("helper_done", done), data=done)


def _show(result: NightlyResult) -> None:
    """Artifacts: the way to the reports, and a row for each inbox."""
    create_link_artifact(link=result.link, link_text=words("overview"), key="dekkend-verslag")
    create_table_artifact(table=[dict(row) for row in result.rows], key="dekkend-inboxen", description=words("inboxes"))
    get_run_logger().info(result.summary_line())
