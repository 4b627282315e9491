"""Norm files to ``LoadedNorm``: strict, with file and line in every message.

A norm ``mijn-norm.yaml`` has its recognitions in ``mijn-norm.recognise.yaml`` beside it, in
``recognise/mijn-norm/*.yaml``, or in both; its own lexicons lie in ``lexicons/``. The shipped norms in ``data/`` have
the same form. Judges no wording and no completeness: see ``lint``.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType
from typing import TypeVar

from pydantic import BaseModel, ValidationError

from pipeline.errors import NormError, UnknownNormError
from pipeline.norm.data_dir import DATA_DIR
from pipeline.norm.messages import dutch_errors, suggestion
from pipeline.norm.schema import LoadedNorm, Norm, Place, Recognition, Source
from pipeline.norm.strict_yaml import Key, Parsed, StrictYamlError, parse_yaml

_RECOGNISE = ".recognise.yaml"
_Model = TypeVar("_Model", bound=BaseModel)


@dataclass(slots=True)
class _Mistakes:
    """Mistakes found so far: a reader wants to see all of them at once."""

    found: list[tuple[Place, str]] = field(default_factory=list)

    def add(self, place: Place, sentence: str) -> None:
        self.found.append((place, sentence))

    def raise_if_any(self) -> None:
        if not self.found:
            return
        first = self.found[0][0]
        lines = (f"{place.file}:{place.line}: {sentence}" for place, sentence in self.found)
        raise NormError("\n".join(lines), file=first.file, line=first.line)


@dataclass(frozen=True, slots=True)
class _File:
    """One file of a norm: its name relative to the norm's folder, its bytes and its values."""

    name: str
    content: bytes
    parsed: Parsed

    def place(self, key: Key) -> Place:
        return Place(file=self.name, line=self.parsed.line(key))


def load_norm(id_or_path: str | Path, *, data_dir: Path | None = None) -> LoadedNorm:
    """Load a shipped norm by its id, or a norm of one's own by the path of its YAML file.

    Args:
        id_or_path: ``"anb"``, or a path (a ``Path``, or text that ends in ``.yaml`` or ``.yml``).
        data_dir: Folder of the shipped norms; None for the norms of this installation.

    Returns:
        The norm with its recognitions. A criterion may be without recognition: ``lint`` says so.

    Raises:
        UnknownNormError: There is no such norm or file.
        NormError: The files are not well formed; the message names file and line of each mistake.
    """
    path = _norm_path(id_or_path, data_dir or DATA_DIR)
    norm_file = _read(path, path.parent)
    norm = _norm(norm_file)
    recognise_files = [_read(found, path.parent) for found in _recognise_paths(path)]
    places = dict(_norm_places(norm, norm_file))
    recognitions = _recognitions(norm, recognise_files, places)
    lexicon_dirs = _lexicon_dirs(path)
    return LoadedNorm(
        norm=norm,
        recognitions=MappingProxyType(recognitions),
        digest=_digest([norm_file, *recognise_files], lexicon_dirs),
        places=MappingProxyType(places),
        lexicon_dirs=lexicon_dirs,
    )


def available_norms(*, data_dir: Path | None = None) -> tuple[str, ...]:
    """Give the ids of the shipped norms, sorted: the YAML files of the folder that begin a norm."""
    return tuple(sorted(path.stem for path in (data_dir or DATA_DIR).glob("*.yaml") if _is_norm(path)))


def _is_norm(path: Path) -> bool:
    return any(line.startswith(b"norm:") for line in path.read_bytes().splitlines())


def _norm_path(id_or_path: str | Path, data_dir: Path) -> Path:
    if isinstance(id_or_path, Path) or id_or_path.endswith((".yaml", ".yml")):
        path = Path(id_or_path)
        if not path.is_file():
            raise UnknownNormError(f"normbestand '{path.name}' is er niet")
        return path
    known = available_norms(data_dir=data_dir)
    if id_or_path not in known:
        meant = suggestion(id_or_path, known)
        raise UnknownNormError(f"norm '{id_or_path}' is er niet, wel {', '.join(known)}{meant}")
    return data_dir / f"{id_or_path}.yaml"


def _recognise_paths(path: Path) -> list[Path]:
    beside = path.with_name(path.stem + _RECOGNISE)
    inside = sorted((path.parent / "recognise" / path.stem).glob("*.yaml"))
    return [beside, *inside] if beside.is_file() else inside


def _lexicon_dirs(path: Path) -> tuple[Path, ...]:
    candidates = dict.fromkeys((path.parent / "lexicons", DATA_DIR / "lexicons"))
    return tuple(folder for folder in candidates if folder.is_dir())


def _read(path: Path, folder: Path) -> _File:
    name = path.relative_to(folder).as_posix()
    try:
        content = path.read_bytes()
        return _File(name, content, parse_yaml(content.decode("utf-8-sig")))
    except StrictYamlError as error:
        raise NormError(f"{name}:{error.line}: {error.problem}", file=name, line=error.line) from error
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        raise NormError(f"{name}:{line}: het bestand is geen UTF-8", file=name, line=line) from error
    except OSError as error:
        raise NormError(f"{name}: het bestand is niet te lezen", file=name) from error


def _norm(file: _File) -> Norm:
    mistakes = _Mistakes()
    norm = _validated(Norm, file, (), mistakes)
    mistakes.raise_if_any()
    assert norm is not None
    _check_references(norm, file, mistakes)
    mistakes.raise_if_any()
    return norm


def _validated(model: type[_Model], file: _File, key: Key, mistakes: _Mistakes) -> _Model | None:
    value = _at(file.parsed.value, key)
    if not isinstance(value, dict):
        mistakes.add(file.place(key), "hier worden velden verwacht (naam: waarde)")
        return None
    try:
        return model.model_validate(value)
    except ValidationError as error:
        for loc, sentence in dutch_errors(error, model):
            mistakes.add(file.place((*key, *loc)), sentence + _owner(value, loc))
        return None


def _at(value: object, key: Key) -> object:
    for part in key:
        value = value[part]  # type: ignore[index]  # the key was made from this value
    return value


def _owner(value: object, loc: Key) -> str:
    """Name the requirement that a mistake belongs to: a line number alone does not say which."""
    if len(loc) < 3 or loc[0] != "requirements":
        return ""
    requirement = _at(value, loc[:2])
    found = requirement.get("id") if isinstance(requirement, dict) else None
    return f" (eis '{found}')" if found else ""


def _check_references(norm: Norm, file: _File, mistakes: _Mistakes) -> None:
    groups = [group.id for group in norm.groups]
    documents = [document.id for document in norm.documents]
    _check_unique(file, ("groups",), groups, "groep", mistakes)
    _check_unique(file, ("documents",), documents, "document", mistakes)
    _check_unique(file, ("requirements",), [requirement.id for requirement in norm.requirements], "eis", mistakes)
    for index, requirement in enumerate(norm.requirements):
        key: Key = ("requirements", index)
        _check_unique(file, (*key, "criteria"), [own.id for own in requirement.criteria], "criterium", mistakes)
        if requirement.group not in groups:
            sentence = f"groep '{requirement.group}' is er niet{suggestion(requirement.group, groups)}"
            mistakes.add(file.place((*key, "group")), f"{sentence} (eis '{requirement.id}')")
        for at, source in _sources(requirement.source, requirement.see_also):
            if source.seed is not None and source.seed not in documents:
                sentence = f"document '{source.seed}' staat niet onder 'documents'{suggestion(source.seed, documents)}"
                mistakes.add(file.place((*key, *at, "seed")), f"{sentence} (eis '{requirement.id}')")


def _sources(source: Source, see_also: Sequence[Source]) -> Iterator[tuple[Key, Source]]:
    yield ("source",), source
    for index, other in enumerate(see_also):
        yield ("see_also", index), other


def _check_unique(file: _File, key: Key, ids: Iterable[str], what: str, mistakes: _Mistakes) -> None:
    first: dict[str, Place] = {}
    for index, own in enumerate(ids):
        place = file.place((*key, index, "id"))
        if own in first:
            mistakes.add(place, f"{what} '{own}' is er twee keer; de eerste staat op regel {first[own].line}")
        first.setdefault(own, place)


def _norm_places(norm: Norm, file: _File) -> Iterator[tuple[tuple[str, ...], Place]]:
    """Give the places of the norm's own fields, of each requirement, its fields and its criteria."""
    for key in file.parsed.lines:
        match key:
            case (str(name),):
                yield ("norm", name), file.place(key)
            case ("requirements", int(index)):
                yield (norm.requirements[index].id,), file.place(key)
            case ("requirements", int(index), str(name)):
                yield (norm.requirements[index].id, name), file.place(key)
            case ("requirements", int(index), "criteria", int(criterion)):
                requirement = norm.requirements[index]
                yield (requirement.id, "criteria", requirement.criteria[criterion].id), file.place(key)


def _recognitions(norm: Norm, files: Sequence[_File], places: dict[tuple[str, ...], Place]) -> dict[str, Recognition]:
    """Read the recognitions, and add the places of each one and of its fields to ``places``."""
    mistakes = _Mistakes()
    known = set(norm.criterion_keys())
    recognitions: dict[str, Recognition] = {}
    for file in files:
        for index, recognition in _entries(file, mistakes):
            place = file.place((index, "criterion"))
            key = recognition.criterion
            if key not in known:
                mistakes.add(place, f"criterium '{key}' is er niet in norm '{norm.id}'{suggestion(key, sorted(known))}")
            elif key in recognitions:
                first = places["recognise", key]
                sentence = f"criterium '{key}' heeft al een herkenning op {first.file}:{first.line}"
                mistakes.add(place, sentence)
            else:
                recognitions[key] = recognition
                places.update(_recognition_places(file, index, key))
    mistakes.raise_if_any()
    return recognitions


def _entries(file: _File, mistakes: _Mistakes) -> Iterator[tuple[int, Recognition]]:
    entries = file.parsed.value
    if entries is None:
        return
    if not isinstance(entries, list):
        mistakes.add(file.place(()), "hier wordt een lijst van herkenningen verwacht (- criterion: ...)")
        return
    for index in range(len(entries)):
        if recognition := _validated(Recognition, file, (index,), mistakes):
            yield index, recognition


def _recognition_places(file: _File, index: int, criterion: str) -> Iterator[tuple[tuple[str, ...], Place]]:
    yield ("recognise", criterion), file.place((index,))
    entry = _at(file.parsed.value, (index,))
    for name in entry if isinstance(entry, dict) else ():
        yield ("recognise", criterion, name), file.place((index, name))


def _digest(files: Sequence[_File], lexicon_dirs: Sequence[Path]) -> str:
    """Hash all files that can change a verdict, each with name and length so that nothing can shift between them."""
    contents = [(file.name, file.content) for file in files]
    for folder in lexicon_dirs:
        contents += [
            (path.relative_to(folder).as_posix(), path.read_bytes()) for path in sorted(folder.glob("**/*.yaml"))
        ]
    digest = hashlib.sha256()
    for name, content in contents:
        digest.update(f"{name}\0{len(content)}\0".encode())
        digest.update(content)
    return digest.hexdigest()
