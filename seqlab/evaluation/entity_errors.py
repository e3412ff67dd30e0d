"""What went wrong with entities: missed, invented, of the wrong kind, or cut at the wrong place."""

from dataclasses import dataclass

from seqlab.evaluation.entities import Entity, EntityReport

__all__ = ["MISTAKES", "EntityError", "entity_errors"]

MISTAKES = {
    "missed": "Nothing was said where an entity is.",
    "spurious": "An entity was said where there is none.",
    "wrong type": "The right words, but another kind of entity.",
    "wrong boundary": "The right kind, but other words: some are missing, or too many.",
    "wrong type and boundary": "Some of the words, and another kind of entity.",
}
"""Kinds of mistakes → what they are."""


@dataclass(frozen=True, slots=True, kw_only=True)
class EntityError:
    """One mistake.

    Args:
        mistake: key of :data:`MISTAKES`.
        wanted: the entity that is there; ``None`` if there is none.
        said: the entity that was said; ``None`` if nothing was.
    """

    mistake: str
    wanted: Entity | None
    said: Entity | None

    @property
    def place(self) -> tuple[int, int]:
        """Number of the sequence and first step of the mistake, to sort by."""
        return min((one.sample, one.start) for one in (self.wanted, self.said) if one is not None)


def entity_errors(report: EntityReport) -> tuple[EntityError, ...]:
    """The mistakes of a report in the order of the text; every entity that is not exactly right stands in one of them.

    A wanted entity is paired with the said one over the same words, else with one of its kind that shares words with it, else
    with any other that does; the leftmost first.

    Example:
        >>> from seqlab.evaluation.entities import count_entities
        >>> report = count_entities({Entity(0, 0, 2, "PER"), Entity(0, 5, 6, "LOC")}, {Entity(0, 1, 2, "PER"), Entity(0, 5, 6, "ORG")})
        >>> [(error.mistake, error.said.kind) for error in entity_errors(report)]
        [('wrong boundary', 'PER'), ('wrong type', 'ORG')]
    """
    missing = sorted(report.wanted - report.said)
    extra: dict[int, list[Entity]] = {}
    for entity in sorted(report.said - report.wanted):
        extra.setdefault(entity.sample, []).append(entity)
    errors: list[EntityError] = []
    for rule in ("wrong type", "wrong boundary", "wrong type and boundary"):
        left = []
        for wanted in missing:
            others = extra.get(wanted.sample, [])
            said = next((entity for entity in others if _fits(wanted, entity, rule)), None)
            if said is None:
                left.append(wanted)
            else:
                others.remove(said)
                errors.append(EntityError(mistake=rule, wanted=wanted, said=said))
        missing = left
    errors += [EntityError(mistake="missed", wanted=wanted, said=None) for wanted in missing]
    errors += [EntityError(mistake="spurious", wanted=None, said=said) for others in extra.values() for said in others]
    return tuple(sorted(errors, key=lambda error: error.place))


def _fits(wanted: Entity, said: Entity, rule: str) -> bool:
    if rule == "wrong type":
        return (wanted.start, wanted.end) == (said.start, said.end)
    shared = wanted.start < said.end and said.start < wanted.end
    return shared and (rule != "wrong boundary" or wanted.kind == said.kind)
