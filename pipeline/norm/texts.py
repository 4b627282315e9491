"""A norm as renderers need it: texts only, with the source as a citation in Dutch. Opens no files."""

from __future__ import annotations

from collections.abc import Mapping

from pipeline.norm.schema import Norm, Requirement, Source
from pipeline.result import NormText, RequirementText


def norm_text(norm: Norm) -> NormText:
    """Give the texts of a norm, requirements in the order of the norm."""
    groups = {group.id: group.title for group in norm.groups}
    documents = {document.id: document.title for document in norm.documents}
    return NormText(
        id=norm.id,
        version=norm.version,
        title=norm.title,
        requirements=tuple(_requirement_text(own, groups, documents) for own in norm.requirements),
    )


def citation(source: Source, documents: Mapping[str, str]) -> str:
    """Cite a source so that a reader can find it.

    Args:
        source: A place in a text or an article of a law.
        documents: Id of a document to the words to cite it by.

    Returns:
        ``Titel, augustus 2024, ‘Kopje’`` or ``WVO 2020, artikel 2.44, tweede lid``, with the note in brackets.
    """
    place = _article(source) if source.seed is None else _heading(source, documents)
    return f"{place} ({source.note})" if source.note else place


def _requirement_text(
    requirement: Requirement, groups: Mapping[str, str], documents: Mapping[str, str]
) -> RequirementText:
    sources = (requirement.source, *requirement.see_also)
    return RequirementText(
        id=requirement.id,
        title=requirement.title,
        group=requirement.group,
        group_title=groups[requirement.group],
        core=requirement.core,
        level=requirement.level,
        asks=requirement.asks,
        why=requirement.why,
        advice=requirement.advice,
        source="; ".join(citation(source, documents) for source in sources),
        example=requirement.example,
    )


def _heading(source: Source, documents: Mapping[str, str]) -> str:
    title = documents.get(source.seed or "", source.seed or "")
    return f"{title}, ‘{source.heading}’" if source.heading else title


def _article(source: Source) -> str:
    article = f"artikel {source.article}" if source.article else ""
    return ", ".join(part for part in (source.law, article) if part)
